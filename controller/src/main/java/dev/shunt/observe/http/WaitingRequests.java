package dev.shunt.observe.http;

import dev.shunt.observe.http.HttpExchange.Side;
import java.util.ArrayDeque;
import java.util.Deque;

/** Requests of one connection that wait for their responses, the oldest first. One thread. */
final class WaitingRequests {
  private final Side side;
  private final HttpListener listener;
  private final Deque<Pending> waiting = new ArrayDeque<>();

  /** Tells {@code listener} those that are over. */
  WaitingRequests(Side side, HttpListener listener) {
    this.side = side;
    this.listener = listener;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  int size() {
    return waiting.size();
  }

  /** The oldest; there must be one. */
  Pending element() {
    return waiting.element();
  }

  void add(Pending asked) {
    waiting.add(asked);
  }

  /** Tells the oldest, if there is one, as it is. */
  void finish() {
    Pending oldest = waiting.poll();
    if (oldest != null && oldest.isDoubtful) {
      listener.lost();
    } else if (oldest != null) {
      listener.exchange(oldest.exchange(side));
    }
  }

  /** Tells all, as they are. */
  void flush() {
    while (!waiting.isEmpty()) {
      finish();
    }
  }

  /**
   * Tells those whose status is known, and counts the others: what they were answered is missing.
   *
   * @return how many were counted
   */
  int flushAfterLoss() {
    int untold = 0;
    while (!waiting.isEmpty()) {
      if (waiting.element().status == 0) {
        waiting.remove();
        listener.lost();
        untold++;
      } else {
        finish();
      }
    }
    return untold;
  }

  /** Only the oldest was a request: what was read behind it went into a tunnel. */
  void keepOldest() {
    while (waiting.size() > 1) {
      waiting.removeLast();
    }
  }

  /** Whether the newest was asked in the same segment. */
  boolean isAskedAt(long nanos) {
    return !waiting.isEmpty() && waiting.getLast().beginNanos == nanos;
  }
}
