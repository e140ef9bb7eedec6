package dev.shunt.cluster;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread brings about. */
public final class Wait {
  /** Also on a busy machine; a node may pause for two seconds before it connects again. */
  private static final Duration MOST = Duration.ofSeconds(40);

  private Wait() {}

  /** Returns as soon as the condition holds; fails when it does not in time. */
  public static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + MOST.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not in " + MOST.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(2_000_000);
    }
  }
}
