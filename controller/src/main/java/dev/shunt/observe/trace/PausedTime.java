package dev.shunt.observe.trace;

/**
 * How much of a time JVMs stood. Immutable.
 *
 * @param nanos in which at least one did
 * @param pauses that lay inside of it, or partly
 */
public record PausedTime(long nanos, int pauses) {
  /** None stood. */
  public static final PausedTime NONE = new PausedTime(0, 0);
}
