package dev.shunt.publish.otlp;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before a call is made again: at least half of a bound that doubles with each
 * failure in a row, so that many nodes do not come back at once. One thread.
 */
final class RetryPause {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofSeconds(30);

  private final RandomGenerator random;
  private Duration bound = FIRST;

  RetryPause(RandomGenerator random) {
    this.random = random;
  }

  /** The pause after one more failure. */
  Duration next() {
    long half = bound.toNanos() / 2;
    Duration pause = Duration.ofNanos(half + random.nextLong(half));
    Duration doubled = bound.multipliedBy(2);
    bound = doubled.compareTo(MOST) > 0 ? MOST : doubled;
    return pause;
  }

  /** A call succeeded. */
  void reset() {
    bound = FIRST;
  }
}
