package dev.shunt.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketQuestionTest {
  private static final PacketQuestion.Caller CALLER = new PacketQuestion.Caller("", "/", "host");

  private static PacketQuestion parse(String packet) {
    return PacketQuestion.parse(packet, "connect", CALLER);
  }

  private static String text(InetSocketAddress end) {
    return AddressText.format(end);
  }

  @Test
  void parse_bothEnds_kept() {
    PacketQuestion question = parse("TCP 10.1.2.3:1234 -> [fd00::1]:80");

    assertThat(question.protocol()).isEqualTo("tcp");
    assertThat(question.source().map(PacketQuestionTest::text)).contains("10.1.2.3:1234");
    assertThat(text(question.destination())).isEqualTo("[fd00::1]:80");
  }

  @Test
  void parse_noSource_isEmpty() {
    PacketQuestion question = parse("udp 10.4.5.6:53");

    assertThat(question.source()).isEmpty();
    assertThat(text(question.destination())).isEqualTo("10.4.5.6:53");
  }

  @Test
  void parse_addressesWithoutPorts_havePortZero() {
    PacketQuestion question = parse("icmpv6 fd00::1->fd00::2");

    assertThat(question.source().map(PacketQuestionTest::text)).contains("[fd00::1]:0");
    assertThat(text(question.destination())).isEqualTo("[fd00::2]:0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tcp",
        "10.0.0.1:80",
        "tcp 10.0.0.1:1 -> ",
        "tcp a:1 -> b:2",
        "tcp 10.0.0.1:70000",
        "tcp 10.0.0.1:1 -> 10.0.0.2:2 -> 10.0.0.3:3"
      })
  void parse_anythingElse_isRefused(String packet) {
    assertThatThrownBy(() -> parse(packet))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected");
  }
}
