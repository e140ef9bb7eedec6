package dev.shunt.agent.trace;

import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.observe.trace.TraceSink;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One reader of a module: what waits for it, bounded, and when it ends. Used by the module's
 * thread, which it never holds up: what does not fit is skipped and counted.
 */
final class TraceReader {
  /** Some seconds of rows at a rate that a terminal can still show. */
  private static final int WAITING_MAX = 4096;

  private final TraceQuery query;
  private final TraceTarget target;
  private final TraceSink sink;
  private final int place;
  private final long begin = System.nanoTime();
  private final Deque<TraceEvent> waiting = new ArrayDeque<>();
  private MissingRows before = MissingRows.NONE;
  private long skipped;

  /**
   * Prepares it.
   *
   * @param place its bit in records
   */
  TraceReader(TraceQuery query, TraceTarget target, TraceSink sink, int place) {
    this.query = query;
    this.target = target;
    this.sink = sink;
    this.place = place;
  }

  TraceQuery query() {
    return query;
  }

  TraceTarget target() {
    return target;
  }

  int place() {
    return place;
  }

  /** Whether a record is meant for it; one from before belongs to who had its place. */
  boolean gets(int readers, long nanos) {
    return ((readers >>> place) & 1) != 0 && nanos - begin >= 0;
  }

  /** What was missing when it came is none of its own. */
  void joins(MissingRows missing) {
    before = missing;
  }

  /** What is missing since then. */
  MissingRows missing(MissingRows now) {
    return now.since(before);
  }

  /** Counts what it will not be told. */
  void skip(long count) {
    skipped += count;
  }

  /** Takes an event. */
  void offer(TraceEvent event) {
    flush();
    if (waiting.isEmpty() && sink.isReady()) {
      sink.event(event);
    } else if (waiting.size() < WAITING_MAX) {
      waiting.add(event);
    } else {
      skipped++;
    }
  }

  /** Hands on what waits, as far as it is taken. */
  void flush() {
    sink.flush();
    while (!waiting.isEmpty() && sink.isReady()) {
      sink.event(waiting.remove());
    }
  }

  long skipped() {
    return skipped;
  }

  boolean hasLeft() {
    return sink.hasLeft();
  }

  boolean isOver(long now) {
    boolean isLong = now - begin >= query.duration().toNanos();
    return sink.isEnough() || (isLong && !query.duration().isZero());
  }

  /** Tells it the last event, whatever waits, and ends it. */
  void end(TraceEvent last) {
    if (!sink.hasLeft()) {
      waiting.forEach(sink::event);
      sink.event(last);
    }
    sink.end();
  }
}
