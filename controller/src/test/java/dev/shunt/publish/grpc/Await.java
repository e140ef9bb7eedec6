package dev.shunt.publish.grpc;

import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Waits for a condition, with a timeout that names it. */
public final class Await {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final long PAUSE_MILLIS = 5;

  private Await() {}

  /** Waits until the condition holds. */
  public static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        fail(what + " did not come within " + TIMEOUT);
      }
      pause(PAUSE_MILLIS);
    }
  }

  /** Waits until the value has not changed for half a second. */
  static void untilStable(String what, LongSupplier value) {
    long[] last = {value.getAsLong(), System.nanoTime()};
    until(
        what + " to stop changing",
        () -> {
          long now = value.getAsLong();
          if (now != last[0]) {
            last[0] = now;
            last[1] = System.nanoTime();
          }
          return System.nanoTime() - last[1] > 500_000_000L;
        });
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
