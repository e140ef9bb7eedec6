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
  private long lookedNanos = Long.MIN_VALUE;
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

  /**
   * Whether there may be any between two records.
   *
   * @param nanos time of the one before
   * @param recordNanos of the one behind; to count costs system calls, and what was lost before it
   *     has been counted by then
   */
  boolean mayBeSince(long nanos, long recordNanos) {
    if (recordNanos >= lookedNanos) {
      look();
    }
    return foundNanos >= nanos;
  }

  private void look() {
    lookedNanos = nanoTime.getAsLong();
    long now = count.getAsLong();
    if (now != known) {
      known = now;
      foundNanos = nanoTime.getAsLong();
    }
  }
}
