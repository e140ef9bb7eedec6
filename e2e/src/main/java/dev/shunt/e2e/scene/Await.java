package dev.shunt.e2e.scene;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition of the operating system that has no notification. Any thread; blocks. */
public final class Await {
  /** Short against every wait of a scene, long against the cost of reading a /proc file. */
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private Await() {}

  /**
   * Polls until the condition holds.
   *
   * @return whether it held before {@code limit} passed or the thread was interrupted
   */
  public static boolean until(BooleanSupplier condition, Duration limit) {
    long startNanos = System.nanoTime();
    while (!condition.getAsBoolean()) {
      boolean late = System.nanoTime() - startNanos > limit.toNanos();
      if (late || Thread.currentThread().isInterrupted()) {
        return condition.getAsBoolean();
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return true;
  }
}
