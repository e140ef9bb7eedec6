package dev.shunt.agent.trace;

import java.time.Duration;
import java.time.Instant;

/** CLOCK_MONOTONIC, which is System.nanoTime() on Linux, as wall clock. One thread. */
final class MonotonicTime {
  /** How far the two clocks may drift apart before times jump. */
  private static final Duration DRIFT = Duration.ofMillis(1);

  private Instant epoch = now();

  private static Instant now() {
    return Instant.now().minusNanos(System.nanoTime());
  }

  /** To be called every second or so: somebody may set the clock. */
  void refresh() {
    Instant current = now();
    if (Duration.between(epoch, current).abs().compareTo(DRIFT) > 0) {
      epoch = current;
    }
  }

  /** Wall clock of a moment. */
  Instant of(long nanos) {
    return epoch.plusNanos(nanos);
  }
}
