package dev.shunt.ingest.distribution;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: by chance, up to a bound that doubles with each failure
 * in a row. By chance alone, without a least share of the bound, attempts of many nodes spread
 * evenly. One thread.
 */
final class Backoff {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofSeconds(30);
  private static final Duration LEAST = Duration.ofMillis(50);

  private final RandomGenerator random;
  private Duration bound = FIRST;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The pause before the next attempt, after one that failed. */
  Duration next() {
    Duration pause = within(bound);
    Duration doubled = bound.multipliedBy(2);
    bound = doubled.compareTo(MOST) > 0 ? MOST : doubled;
    return pause;
  }

  /** The pause after the server asked to connect again. */
  Duration afterHint() {
    return within(FIRST.multipliedBy(2));
  }

  /** An attempt succeeded. */
  void reset() {
    bound = FIRST;
  }

  private Duration within(Duration most) {
    return LEAST.plusNanos(random.nextLong(most.toNanos()));
  }
}
