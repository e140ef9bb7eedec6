package dev.shunt.ingest.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** How many nodes come back to a control plane that was away. Time is only counted. */
class BackoffTest {
  private static final int NODES = 1000;
  private static final Duration MOST = Duration.ofSeconds(31);

  /** How long after the end of an outage a node tries again. */
  private static Duration comeBack(int node, Duration outage) {
    Backoff backoff = new Backoff(new SplittableRandom(node));
    Duration time = Duration.ZERO;
    while (time.compareTo(outage) < 0) {
      time = time.plus(backoff.next());
    }
    return time.minus(outage);
  }

  private static int[] perSecond(Duration outage) {
    int[] nodes = new int[(int) MOST.toSeconds() + 1];
    for (int node = 0; node < NODES; node++) {
      Duration pause = comeBack(node, outage);
      assertThat(pause).isLessThan(MOST);
      nodes[(int) pause.toSeconds()]++;
    }
    return nodes;
  }

  @Test
  void next_manyNodesAfterAMinute_comeBackOverHalfAMinute() {
    for (int inOneSecond : perSecond(Duration.ofMinutes(1))) {
      assertThat(inOneSecond).isLessThan(NODES / 10);
    }
  }

  @Test
  void next_manyNodesAfterTenMinutes_comeBackOverHalfAMinute() {
    for (int inOneSecond : perSecond(Duration.ofMinutes(10))) {
      assertThat(inOneSecond).isLessThan(NODES / 10);
    }
  }

  @Test
  void next_afterSuccess_shortAgain() {
    Backoff backoff = new Backoff(new SplittableRandom(1));
    for (int i = 0; i < 10; i++) {
      backoff.next();
    }
    backoff.reset();

    assertThat(backoff.next()).isLessThan(Duration.ofMillis(1100));
  }
}
