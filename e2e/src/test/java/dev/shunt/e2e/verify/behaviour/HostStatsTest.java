package dev.shunt.e2e.verify.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostStatsTest {
  private static HostStats stats(String redirected, String reasons) {
    return HostStats.parse(
        "{\"bytes_redirected\":" + redirected + ",\"bytes_passed\":7,\"reasons\":" + reasons + "}");
  }

  private static String counts(long connections, long messages) {
    return "{\"connections\":" + connections + ",\"messages\":\"" + messages + "\"}";
  }

  @Test
  void parse_numbersAndStrings_read() {
    HostStats stats = stats("\"12\"", "{\"TOO_YOUNG\":" + counts(3, 4) + "}");

    assertThat(stats.bytesRedirected()).isEqualTo(12);
    assertThat(stats.connections()).containsEntry("too_young", 3L);
    assertThat(stats.messages()).containsEntry("too_young", 4L);
  }

  @Test
  void since_earlier_onlyWhatWasAdded() {
    HostStats earlier = stats("12", "{\"a\":" + counts(3, 0) + ",\"b\":" + counts(0, 1) + "}");
    HostStats later = stats("20", "{\"a\":" + counts(3, 0) + ",\"b\":" + counts(0, 5) + "}");

    HostStats added = later.since(earlier);

    assertThat(added.bytesRedirected()).isEqualTo(8);
    assertThat(added.reasonsLine()).isEqualTo("b=4");
  }

  @Test
  void mainReason_otherEndWaited_namesTheEndThatCouldNot() {
    HostStats stats =
        stats(
            "0",
            "{\"peer_not_suitable\":" + counts(2, 0) + ",\"low_water_mark\":" + counts(1, 0) + "}");

    assertThat(stats.mainReason()).isEqualTo("low_water_mark");
  }

  @Test
  void mainReason_nothingCounted_empty() {
    assertThat(stats("0", "{}").mainReason()).isEmpty();
  }
}
