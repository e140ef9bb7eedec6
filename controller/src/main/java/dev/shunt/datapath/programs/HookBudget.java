package dev.shunt.datapath.programs;

import java.time.Duration;

/**
 * How long one pass may attach to interfaces. The kernel waits for an RCU grace period at each of
 * them, some 15 ms (tcx_entry_sync, include/net/tcx.h, 6.18): with hundreds, whoever needs the same
 * thread would wait for seconds. One thread.
 */
public final class HookBudget {
  private long leftNanos;

  private HookBudget(long leftNanos) {
    this.leftNanos = leftNanos;
  }

  /** Of so much time; what has begun when it is over is finished. */
  public static HookBudget of(Duration time) {
    return new HookBudget(time.toNanos());
  }

  /** Without a bound. */
  public static HookBudget unlimited() {
    return new HookBudget(Long.MAX_VALUE);
  }

  /** Whether another one may be attached. */
  public boolean isLeft() {
    return leftNanos > 0;
  }

  /** Counts what a task takes. */
  void spend(Runnable task) {
    long begin = System.nanoTime();
    task.run();
    leftNanos -= System.nanoTime() - begin;
  }
}
