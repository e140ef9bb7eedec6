package dev.shunt.ingest.kubernetes;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: by chance, up to a bound that doubles with each failure
 * in a row, so that many nodes do not come back together. Thread-safe.
 */
final class Pause {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofSeconds(30);

  private final RandomGenerator random;
  private final CountDownLatch ended = new CountDownLatch(1);
  private int failures;

  Pause(RandomGenerator random) {
    this.random = random;
  }

  /** Waits after a failure; not at all after a success. False: it is over, do not try again. */
  boolean await() {
    try {
      return !ended.await(next().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** What {@link #await} would wait now. */
  synchronized Duration next() {
    if (failures == 0) {
      return Duration.ZERO;
    }
    Duration bound = FIRST;
    for (int i = 1; i < failures && bound.compareTo(MOST) < 0; i++) {
      bound = bound.multipliedBy(2);
    }
    long most = Math.min(bound.toNanos(), MOST.toNanos());
    return Duration.ofNanos(random.nextLong(most) + 1);
  }

  /** An attempt failed. Returns how many in a row have. */
  synchronized int failed() {
    return ++failures;
  }

  /** An attempt succeeded. Returns how many had failed. */
  synchronized int succeeded() {
    int before = failures;
    failures = 0;
    return before;
  }

  /** Whether there is no next attempt. */
  boolean hasEnded() {
    return ended.getCount() == 0;
  }

  /** Ends a wait, and all later ones. */
  void end() {
    ended.countDown();
  }
}
