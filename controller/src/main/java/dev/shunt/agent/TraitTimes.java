package dev.shunt.agent;

import dev.shunt.datapath.layout.TraitState;
import dev.shunt.ingest.file.StoredTrait;
import java.time.Duration;
import java.time.Instant;

/**
 * Times of traits: the programs' clock starts with the machine, what is kept outlives it.
 * Immutable; System.nanoTime() is CLOCK_MONOTONIC on Linux.
 *
 * @param ttl since a trait was seen last; then it is forgotten
 */
record TraitTimes(Duration ttl) {
  /** What was seen last before this, CLOCK_MONOTONIC, is forgotten. */
  long oldestNanos() {
    return System.nanoTime() - ttl.toNanos();
  }

  boolean isExpired(Instant lastSeen) {
    return lastSeen.plus(ttl).isBefore(Instant.now());
  }

  Duration expiresIn(long lastNanos) {
    Duration left = Duration.ofNanos(lastNanos - oldestNanos());
    return left.isNegative() ? Duration.ZERO : left;
  }

  Instant wall(long monotonicNanos) {
    return Instant.now().minusNanos(System.nanoTime() - monotonicNanos);
  }

  /** A moment that was written down; no later than now, whatever the wall clock did since. */
  static Instant past(Instant written) {
    Instant now = Instant.now();
    return written.isAfter(now) ? now : written;
  }

  private static long monotonic(Instant wall) {
    return System.nanoTime() - Duration.between(past(wall), Instant.now()).toNanos();
  }

  TraitState.Use use(StoredTrait stored) {
    return new TraitState.Use(
        monotonic(stored.firstSeen()), monotonic(stored.lastSeen()), stored.times());
  }
}
