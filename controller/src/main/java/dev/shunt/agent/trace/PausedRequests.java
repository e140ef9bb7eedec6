package dev.shunt.agent.trace;

import dev.shunt.observe.trace.PauseBook;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceSink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Requests on their way to one reader. Each is held back until the pauses of JVMs are known up to
 * its end, for a second at most. Thread-safe: two modules tell it, which end in any order.
 */
final class PausedRequests implements TraceSink {
  private static final Duration WAIT_MAX = Duration.ofSeconds(1);

  /** Requests of the longest wait, at the rate of a node. */
  private static final int HELD_MAX = 8192;

  private final TraceSink reader;
  private final LongSupplier nanoTime;
  private final PauseBook book;
  private final TraceSink pauses = new Pauses();

  /** In the order in which they came. */
  private final Deque<Held> held = new ArrayDeque<>();

  private boolean arePausesOver;
  private boolean areRequestsOver;
  private boolean isOver;

  /** Records of pauses that were missing when the last sums came; below 0: none came yet. */
  private long missing = -1;

  private record Held(TraceEvent event, long heldAt) {}

  /**
   * Holds nothing yet.
   *
   * @param reader gets requests with what is known of pauses
   * @param nodeNamespace name of the namespace that the node runs in
   */
  PausedRequests(TraceSink reader, String nodeNamespace, LongSupplier nanoTime) {
    this.reader = reader;
    this.nanoTime = nanoTime;
    book = new PauseBook(nodeNamespace);
  }

  /** Who is to be told of pauses. It leaves when no request waits any more. */
  TraceSink pauses() {
    return pauses;
  }

  /** There will be no requests. */
  synchronized void abandon() {
    isOver = true;
  }

  @Override
  public synchronized boolean isReady() {
    return held.size() < HELD_MAX && reader.isReady();
  }

  @Override
  public boolean hasLeft() {
    return reader.hasLeft();
  }

  @Override
  public boolean isEnough() {
    return reader.isEnough();
  }

  @Override
  public synchronized void event(TraceEvent event) {
    held.add(new Held(event, nanoTime.getAsLong()));
    release();
  }

  @Override
  public synchronized void flush() {
    release();
  }

  @Override
  public synchronized void end() {
    areRequestsOver = true;
    release();
  }

  private void release() {
    if (reader.hasLeft()) {
      held.clear();
    }
    while (!held.isEmpty() && isDue(held.element()) && (areRequestsOver || reader.isReady())) {
      reader.event(complete(held.remove().event()));
    }
    if (areRequestsOver && held.isEmpty() && !isOver) {
      isOver = true;
      reader.end();
    }
  }

  private boolean isDue(Held row) {
    return arePausesOver
        || !(row.event() instanceof TraceEvent.Http request)
        || !isAnswered(request)
        || book.isKnown(request.exchange().timing().lastNanos())
        || nanoTime.getAsLong() - row.heldAt() >= WAIT_MAX.toNanos();
  }

  /** One without an answer has no latency of which a part could be told. */
  private static boolean isAnswered(TraceEvent.Http request) {
    return request.exchange().answer().status() != 0;
  }

  private TraceEvent complete(TraceEvent event) {
    if (!(event instanceof TraceEvent.Http request)) {
      return event;
    }
    return request.with(
        isAnswered(request)
            ? book.within(
                request.subject(),
                request.exchange().timing().beginNanos(),
                request.exchange().timing().lastNanos())
            : Optional.empty());
  }

  private synchronized void take(TraceEvent event) {
    if (event instanceof TraceEvent.PausesKnown known) {
      book.take(known);
      release();
    } else if (event instanceof TraceEvent.Totals totals) {
      see(totals);
    } else if (event instanceof TraceEvent.Notice notice) {
      note(notice);
    }
  }

  /** Sums of the module begin before this reader has come. */
  private void see(TraceEvent.Totals totals) {
    long now = totals.lost() + totals.shed() + totals.untracked();
    if (missing >= 0 && now > missing) {
      note(
          new TraceEvent.Notice(
              "%d pauses or collections of JVMs are missing; requests may have stood for longer"
                  .formatted(now - missing)));
    }
    missing = now;
  }

  private void note(TraceEvent.Notice notice) {
    if (!areRequestsOver) {
      event(notice);
    }
  }

  private synchronized void endPauses() {
    arePausesOver = true;
    note(new TraceEvent.Notice("pauses of JVMs are not told any more, requests come without"));
    release();
  }

  private synchronized boolean isOver() {
    return isOver;
  }

  /** What the module of JVMs tells. */
  private final class Pauses implements TraceSink {
    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public boolean hasLeft() {
      return isOver() || reader.hasLeft();
    }

    @Override
    public void event(TraceEvent event) {
      take(event);
    }

    @Override
    public void end() {
      endPauses();
    }
  }
}
