package dev.shunt.observe.http;

import dev.shunt.observe.http.HttpExchange.Side;
import org.jspecify.annotations.Nullable;

/** What is open on an HTTP/1 connection, and how far both ways have been read. One thread. */
final class Http1Exchanges {
  final Http1Reader requests = new Http1Reader(new Http1Requests(this));
  final Http1Reader responses = new Http1Reader(new Http1Responses(this));
  final Http1Turns turns = new Http1Turns();

  /** Requests whose heads have come. */
  final WaitingRequests waiting;

  /** Responses that came before their requests: who writes and who reads may be two threads. */
  final HeldSegments held = new HeldSegments();

  /** The request that is being read. */
  @Nullable Pending asking;

  /** Whether what is read now went past TCP. */
  boolean redirected;

  /** What is read now are bytes that nobody saw; whoever copies counts them. */
  boolean inGap;

  private final HttpListener listener;

  /** Tells {@code listener} what is over. */
  Http1Exchanges(Side side, HttpListener listener) {
    this.listener = listener;
    waiting = new WaitingRequests(side, listener);
  }

  /** All that are known have been answered, as far as it could be seen. */
  boolean isNoneOpen() {
    return waiting.isEmpty()
        || (waiting.size() == 1 && waiting.element().status != 0 && turns.areResponsesMissing());
  }

  /** The final answer of all that are known has begun. */
  boolean isAnswered() {
    return waiting.isEmpty() || waiting.element().status != 0;
  }

  /** Whether the response of a turn has not begun. */
  boolean isTurnOpen() {
    return turns.isOnTrial() && responses.isLost();
  }

  /**
   * Whose the next response is cannot be known.
   *
   * @return how many requests go untold
   */
  int loseTurn() {
    int untold = waiting.flushAfterLoss();
    if (turns.isOnTrial() && turns.areRequestsMissing()) {
      requests.lose();
      turns.missHead();
      asking = null;
    }
    turns.missResponses();
    responses.lose();
    return untold;
  }

  /** Responses that nobody has asked for belong to requests that are missing. */
  void forgetHeld() {
    if (!held.isEmpty()) {
      held.clear();
      responses.lose();
      turns.missResponses();
    }
  }

  /** The client does not wait for answers: what it asks from here on cannot be told. */
  void giveUp() {
    turns.pipeline();
    turns.missResponses();
    waiting.flushAfterLoss();
    held.clear();
    requests.close();
    responses.close();
    asking = null;
  }

  /** Counts that something is missing. */
  void tellLost() {
    if (!inGap) {
      listener.lost();
    }
  }

  /** Nothing more comes. */
  void flush() {
    if (turns.areResponsesMissing() || turns.isOnTrial()) {
      waiting.flushAfterLoss();
    } else {
      waiting.flush();
    }
  }

  /** At most what is kept. */
  long keptBytes() {
    return (long) waiting.size() * Pending.BYTES_MAX
        + held.keptBytes()
        + requests.keptBytes()
        + responses.keptBytes();
  }
}
