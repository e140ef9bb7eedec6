package dev.shunt.observe.telemetry;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What tells the time. Immutable.
 *
 * @param wall of the beginning of series, as others read it
 * @param nanos how long something was idle: a wall clock may be set
 */
record Clocks(InstantSource wall, LongSupplier nanos) {
  /** Those of the machine. */
  static final Clocks SYSTEM = new Clocks(InstantSource.system(), System::nanoTime);
}
