package dev.shunt.reconcile;

import java.time.Duration;

/**
 * When the next reconcile pass is due: at once when somebody asked, soon while names are missing,
 * later and later while the data path refuses, and now and then in any case, because a cgroup or an
 * executable may be another one under the same path.
 *
 * <p>Thread rule: {@link #request} from any thread, the rest from the thread that reconciles. Times
 * are of {@link System#nanoTime}, given by the caller. Nothing to close.
 */
public final class PassSchedule {
  /** While a policy names something that does not exist yet. */
  static final Duration PENDING = Duration.ofSeconds(2);

  /** While the data path is as desired. */
  static final Duration SETTLED = Duration.ofSeconds(5);

  /** After the first failed pass; doubled by each further one. */
  static final Duration FIRST_RETRY = Duration.ofMillis(250);

  /** Longest wait after a failed pass. */
  static final Duration LAST_RETRY = Duration.ofSeconds(8);

  private volatile boolean requested;
  private long nextNanos;
  private Duration retry = FIRST_RETRY;

  /** The first pass is due at a time. */
  public PassSchedule(long nanoTime) {
    nextNanos = nanoTime;
  }

  /** Something changed: a pass is due at once. */
  public void request() {
    requested = true;
  }

  /** True from a request until the next pass begins. */
  public boolean isRequested() {
    return requested;
  }

  /** True when a pass should run. */
  public boolean isDue(long nanoTime) {
    return requested || nanoTime - nextNanos >= 0;
  }

  /**
   * A pass begins: what is requested from now on needs another one. One that never {@linkplain #end
   * ends} is repeated like a pending one.
   */
  public void begin(long nanoTime) {
    requested = false;
    nextNanos = nanoTime + PENDING.toNanos();
  }

  /**
   * A pass ended.
   *
   * @return how long until the next one, unless requested
   */
  public Duration end(ReconcileResult result, long nanoTime) {
    Duration wait;
    if (!result.succeeded()) {
      wait = retry;
      Duration doubled = retry.multipliedBy(2);
      retry = doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
    } else {
      wait = result.pending().isEmpty() ? SETTLED : PENDING;
      retry = FIRST_RETRY;
    }
    nextNanos = nanoTime + wait.toNanos();
    return wait;
  }
}
