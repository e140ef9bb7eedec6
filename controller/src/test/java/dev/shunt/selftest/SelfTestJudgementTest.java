package dev.shunt.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class SelfTestJudgementTest {
  @Test
  void fionread_bothRight_says() {
    assertThat(FionreadCheck.judge(1000, 700)).isEqualTo("right for redirected and for TCP data");
  }

  @Test
  void fionread_eachFault_isNamed() {
    assertFault(0, 700, "zero for redirected data");
    assertFault(1000, 0, "zero for TCP data");
    assertFault(2000, 700, "double counted for redirected data");
    assertFault(1000, 1400, "double counted for TCP data");
    assertFault(3, 0, "3 instead of 1000 for redirected data, zero for TCP data");
  }

  private static void assertFault(int redirected, int tcp, String detail) {
    assertThatThrownBy(() -> FionreadCheck.judge(redirected, tcp))
        .isInstanceOf(CheckFailedException.class)
        .hasMessage(detail);
  }

  @Test
  void pattern_sameBytes_agree() {
    for (long position : new long[] {0, 65_520, 65_521, 1_000_003}) {
      Pattern.check(position, received(position, Pattern.RANGE_MAX));
    }
  }

  @Test
  void pattern_lostDoubledOrChangedBytes_differ() {
    assertThatThrownBy(() -> Pattern.check(100, received(101, 4096)))
        .isInstanceOf(CheckFailedException.class)
        .hasMessageContaining("at byte 1");
    assertThatThrownBy(() -> Pattern.check(65_536, received(0, 4096)))
        .isInstanceOf(CheckFailedException.class);
    ByteBuffer changed = received(5000, 64);
    changed.put(40, (byte) (changed.get(40) + 1));
    assertThatThrownBy(() -> Pattern.check(5000, changed)).hasMessageEndingWith("at byte 5040");
  }

  private static ByteBuffer received(long position, int length) {
    return ByteBuffer.allocate(length).put(Pattern.at(position, length));
  }
}
