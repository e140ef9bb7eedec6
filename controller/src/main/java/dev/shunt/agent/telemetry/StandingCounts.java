package dev.shunt.agent.telemetry;

import dev.shunt.observe.TelemetryStatus.Counts;
import dev.shunt.observe.trace.TraceEvent.Totals;
import java.util.concurrent.atomic.AtomicLong;

/** What the traces of a module told, one after the other. Thread-safe. */
final class StandingCounts {
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong shed = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong untracked = new AtomicLong();
  private final AtomicLong unread = new AtomicLong();
  private final AtomicLong skipped = new AtomicLong();
  private final AtomicLong unsampled = new AtomicLong();

  void event() {
    events.incrementAndGet();
  }

  /** Adds what was counted between two totals of a trace; of a node that stops the last are 0. */
  void add(Totals before, Totals now) {
    grow(shed, before.shed(), now.shed());
    grow(lost, before.lost(), now.lost());
    grow(untracked, before.untracked(), now.untracked());
    grow(unread, before.unread(), now.unread());
    grow(skipped, before.skipped(), now.skipped());
    grow(unsampled, before.unsampled(), now.unsampled());
  }

  private static void grow(AtomicLong sum, long before, long now) {
    sum.addAndGet(Math.max(0, now - before));
  }

  Counts now() {
    return new Counts(
        events.get(),
        shed.get(),
        lost.get(),
        untracked.get(),
        unread.get(),
        skipped.get(),
        unsampled.get());
  }
}
