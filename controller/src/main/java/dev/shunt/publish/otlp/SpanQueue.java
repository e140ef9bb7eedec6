package dev.shunt.publish.otlp;

import dev.shunt.observe.http.TraceContext;
import dev.shunt.observe.telemetry.TelemetryFamily;
import dev.shunt.observe.telemetry.TelemetryMetrics;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.publish.otlp.OtlpConfig.Roots;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Requests that wait to become spans. Thread-safe; whoever offers never waits. */
final class SpanQueue {
  /** Some seconds of what a node may tell; about 2 MiB. */
  static final int WAITING_MAX = 2048;

  /** A place in the queue; an empty one wakes up whoever waits. */
  private record Slot(TraceEvent.@Nullable Http http) {}

  private final BlockingQueue<Slot> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final Roots roots;
  private final TelemetryMetrics metrics;
  private final long ownPid = ProcessHandle.current().pid();

  SpanQueue(Roots roots, TelemetryMetrics metrics) {
    this.roots = roots;
    this.metrics = metrics;
  }

  /** Takes a request if a span is to be made of it, and there is room. */
  void offer(TraceEvent.Http http) {
    if (wants(http) && !waiting.offer(new Slot(http))) {
      metrics.count(TelemetryFamily.OTLP_SPANS_DROPPED, 1, "queue_full");
    }
  }

  /** Calls of this process, to the collector above all, would make spans of spans. */
  private boolean wants(TraceEvent.Http http) {
    Optional<TraceContext> context = http.exchange().request().context();
    return http.subject().actor().pid() != ownPid
        && context.map(TraceContext::sampled).orElse(roots == Roots.NEW);
  }

  /**
   * As many as a batch may have, when they have come, the time is over, or {@link #wake} was
   * called.
   */
  List<TraceEvent.Http> take(int most, long nanos) throws InterruptedException {
    List<TraceEvent.Http> batch = new ArrayList<>();
    long end = System.nanoTime() + nanos;
    while (batch.size() < most) {
      Slot next = waiting.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null || next.http() == null) {
        break;
      }
      batch.add(next.http());
    }
    return batch;
  }

  /** Ends the waiting of {@link #take}; where it does not wait, the queue may be full. */
  void wake() {
    boolean unused = waiting.offer(new Slot(null));
  }

  /** Empties it; how many waited. */
  long clear() {
    List<Slot> left = new ArrayList<>();
    waiting.drainTo(left);
    return left.stream().filter(slot -> slot.http() != null).count();
  }
}
