package dev.shunt.ingest.file;

/**
 * When to look at the folder and when to load it: a rescan every so often, and a load once changes
 * have been quiet for the debounce time, or have gone on for ten times as long. All times are of
 * one monotonic clock.
 */
final class ReloadSchedule {
  private static final int PATIENCE = 10;

  private final long rescanNanos;
  private final long debounceNanos;
  private long nextRescan;
  private boolean touched;
  private long firstTouch;
  private long lastTouch;

  ReloadSchedule(long rescanNanos, long debounceNanos, long nowNanos) {
    this.rescanNanos = rescanNanos;
    this.debounceNanos = debounceNanos;
    this.nextRescan = nowNanos;
  }

  /** Something in the folder changed. */
  void touched(long nowNanos) {
    if (!touched) {
      firstTouch = nowNanos;
    }
    touched = true;
    lastTouch = nowNanos;
  }

  /** A rescan found a change; one that is waiting to be loaded is not put off by that. */
  void found(long nowNanos) {
    if (!touched) {
      touched(nowNanos);
    }
  }

  boolean rescanDue(long nowNanos) {
    return nowNanos - nextRescan >= 0;
  }

  void rescanned(long nowNanos) {
    nextRescan = nowNanos + rescanNanos;
  }

  boolean loadDue(long nowNanos) {
    return touched && nowNanos - loadTime() >= 0;
  }

  void loaded() {
    touched = false;
  }

  /** Until the next thing to do; at least 0. */
  long waitNanos(long nowNanos) {
    long wait = nextRescan - nowNanos;
    if (touched) {
      wait = Math.min(wait, loadTime() - nowNanos);
    }
    return Math.max(wait, 0);
  }

  private long loadTime() {
    long quiet = lastTouch + debounceNanos;
    long atLatest = firstTouch + PATIENCE * debounceNanos;
    return quiet - atLatest < 0 ? quiet : atLatest;
  }
}
