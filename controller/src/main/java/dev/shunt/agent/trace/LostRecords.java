package dev.shunt.agent.trace;

import java.util.function.LongSupplier;

/**
 * When records were lost. The programs count them only; so each loss is taken to be as late as it
 * was found. One thread.
 */
final class LostRecords {
  private final LongSupplier count;
  private final LongSupplier nanoTime;
  private long known;
  private long foundNanos = Long.MIN_VALUE;

  /**
   * None that are of interest yet.
   *
   * @param count how many there were so far
   * @param nanoTime the clock of the records
   */
  LostRecords(LongSupplier count, LongSupplier nanoTime) {
    this.count = count;
    this.nanoTime = nanoTime;
    known = count.getAsLong();
  }

  /** Whether there may be any since then. */
  boolean mayBeSince(long nanos) {
    long now = count.getAsLong();
    if (now != known) {
      known = now;
      foundNanos = nanoTime.getAsLong();
    }
    return foundNanos >= nanos;
  }
}
