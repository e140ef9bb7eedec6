package dev.shunt.agent;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.LongSupplier;

/**
 * The wall clock of the moment it was made, and from then on the time that has passed: what waits
 * by it waits no longer when somebody sets the wall clock. Immutable.
 */
final class SteadyClock extends Clock {
  private final Clock wall;
  private final LongSupplier nanoTime;
  private final Instant begin;
  private final long beginNanos;

  SteadyClock() {
    this(Clock.systemUTC(), System::nanoTime);
  }

  SteadyClock(Clock wall, LongSupplier nanoTime) {
    this.wall = wall;
    this.nanoTime = nanoTime;
    begin = wall.instant();
    beginNanos = nanoTime.getAsLong();
  }

  @Override
  public Instant instant() {
    return begin.plusNanos(nanoTime.getAsLong() - beginNanos);
  }

  @Override
  public ZoneId getZone() {
    return wall.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return new SteadyClock(wall.withZone(zone), nanoTime);
  }
}
