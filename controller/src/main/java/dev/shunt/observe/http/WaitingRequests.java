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
    if (oldest != null) {
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
   * Bytes were missing. Of several requests nobody knows which had an answer, so those without one
   * are counted; one alone has none that can be read.
   */
  void flushAfterLoss() {
    boolean several = waiting.size() > 1;
    while (!waiting.isEmpty()) {
      if (several && waiting.element().status == 0) {
        waiting.remove();
        listener.lost();
      } else {
        finish();
      }
    }
  }

  /** Only the oldest was a request: what was read behind it went into a tunnel. */
  void keepOldest() {
    while (waiting.size() > 1) {
      waiting.removeLast();
    }
  }

  /**
   * Heads of responses are missing. A client that waits for each answer has had that of the first
   * of two; of more, or of those that came at once, the next response may be anybody's.
   */
  void forgetAnswered() {
    if (waiting.size() > 2 || isAskedAtOnce()) {
      flushAfterLoss();
    } else if (waiting.size() == 2) {
      finish();
    }
  }

  private boolean isAskedAtOnce() {
    return waiting.stream().map(each -> each.beginNanos).distinct().count() < waiting.size();
  }
}
