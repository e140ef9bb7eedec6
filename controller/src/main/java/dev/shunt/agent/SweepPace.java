package dev.shunt.agent;

/**
 * When all connections may be swept again at the data path's wish. One that cannot leave yet wishes
 * so after every sweep, and a sweep costs as much as there are connections. One thread.
 */
final class SweepPace {
  /** A sweep takes a twentieth of a CPU at most. */
  private static final int REST = 19;

  /** On the clock of {@link System#nanoTime}. */
  private long next;

  /** The first sweep is due. */
  SweepPace(long nowNanos) {
    next = nowNanos;
  }

  boolean isDue(long nowNanos) {
    return nowNanos - next >= 0;
  }

  /** Tells when a sweep began and ended. */
  void swept(long beginNanos, long endNanos) {
    next = endNanos + REST * (endNanos - beginNanos);
  }
}
