package dev.shunt.e2e.verify.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostStatsTest {
  private static HostStats stats(String redirected, String reasons) {
    return HostStats.parse(
        "{\"bytes_redirected\":" + redirected + ",\"bytes_passed\":7,\"reasons\":" + reasons + "}");
  }

  @Test
  void parse_plainAndNestedCounts_summed() {
    HostStats stats =
        stats("\"12\"", "{\"TOO_YOUNG\":3,\"unpaired\":{\"connections\":1,\"messages\":4}}");

    assertThat(stats.bytesRedirected()).isEqualTo(12);
    assertThat(stats.reasons()).containsEntry("too_young", 3L).containsEntry("unpaired", 5L);
  }

  @Test
  void since_earlier_onlyWhatWasAdded() {
    HostStats added = stats("20", "{\"a\":3,\"b\":5}").since(stats("12", "{\"a\":3,\"b\":1}"));

    assertThat(added.bytesRedirected()).isEqualTo(8);
    assertThat(added.reasonsLine()).isEqualTo("b=4");
  }
}
