package dev.shunt.ingest.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PauseTest {
  private final Pause pause = new Pause(new Random(1));

  private Duration longest() {
    Duration longest = Duration.ZERO;
    for (int i = 0; i < 1000; i++) {
      Duration next = pause.next();
      longest = next.compareTo(longest) > 0 ? next : longest;
    }
    return longest;
  }

  @Test
  void next_noFailure_isNothing() {
    assertThat(longest()).isZero();
  }

  @Test
  void next_failuresInARow_doublesTheBoundUpToHalfAMinute() {
    int[] seconds = {1, 2, 4, 8, 16, 30, 30};
    for (int bound : seconds) {
      pause.failed();
      assertThat(longest())
          .isLessThanOrEqualTo(Duration.ofSeconds(bound))
          .isGreaterThan(Duration.ofMillis(bound * 900L));
    }
  }

  @Test
  void next_nodesAtOnce_waitDifferently() {
    pause.failed();

    assertThat(pause.next()).isNotEqualTo(pause.next());
  }

  @Test
  void succeeded_afterFailures_startsAnew() {
    pause.failed();
    pause.failed();

    assertThat(pause.succeeded()).isEqualTo(2);
    assertThat(pause.next()).isZero();
  }

  @Test
  void await_ended_returnsAtOnce() {
    pause.failed();
    pause.end();

    assertThat(pause.await()).isFalse();
  }
}
