package dev.shunt.observe.http;

import dev.shunt.observe.http.HttpExchange.Side;
import java.nio.ByteBuffer;

/**
 * Pairs the requests of an HTTP/1 connection with their responses, which come in the same order.
 * One thread.
 */
final class Http1Conversation implements Spoken {
  private final Way requestWay;
  private final HttpListener listener;
  private final Http1Exchanges open;
  private final Http1Turns turns;
  private final Http1Reader requests;
  private final Http1Reader responses;
  private final HeldSegments held;

  private Http1Conversation(Way requestWay, HttpListener listener) {
    this.requestWay = requestWay;
    this.listener = listener;
    open = new Http1Exchanges(requestWay == Way.RECEIVED ? Side.SERVER : Side.CLIENT, listener);
    turns = open.turns;
    requests = open.requests;
    responses = open.responses;
    held = open.held;
  }

  /** Begins with a request. */
  static Http1Conversation ofRequest(Way requestWay, HttpListener listener) {
    Http1Conversation begun = new Http1Conversation(requestWay, listener);
    begun.requests.begin();
    begun.responses.begin();
    return begun;
  }

  /** Begins with a response; to what is not known. */
  static Http1Conversation ofResponse(Way requestWay, HttpListener listener) {
    Http1Conversation begun = ofRest(requestWay, listener, Cause.PASSED_OVER);
    begun.turns.owe();
    return begun;
  }

  /** Begins behind something that was not seen. */
  static Http1Conversation ofRest(Way requestWay, HttpListener listener, Cause cause) {
    Http1Conversation begun = new Http1Conversation(requestWay, listener);
    begun.turns.missExchanges();
    if (cause == Cause.LOST) {
      begun.turns.missHead();
    }
    return begun;
  }

  @Override
  public void take(Segment segment) {
    open.redirected = segment.redirected();
    ByteBuffer copy = segment.copy().duplicate();
    long unseen = segment.length() - copy.remaining();
    if (segment.way() == requestWay) {
      request(copy, unseen, segment.nanos());
    } else {
      response(copy, unseen, segment.nanos());
    }
  }

  private void request(ByteBuffer copy, long unseen, long nanos) {
    if (turns.isOver() && HttpStart.of(copy) == HttpStart.REQUEST) {
      listener.lost();
    }
    if (requests.isLost() && !HttpStart.withoutEmptyLines(copy).hasRemaining()) {
      turns.missHead();
    }
    requests.take(copy, nanos);
    held.release(responses, open.waiting);
    requests.skip(unseen, nanos);
  }

  private void response(ByteBuffer copy, long unseen, long nanos) {
    if (held.isEmpty()) {
      responses.take(copy, nanos);
    }
    if (!held.isEmpty() || copy.hasRemaining()) {
      hold(copy, unseen, nanos);
      return;
    }
    if (unseen > 0 && open.isTurnOpen()) {
      lose(); // its beginning was not copied
    }
    responses.skip(unseen, nanos);
  }

  /** Nobody who is known has asked for it. */
  private void hold(ByteBuffer copy, long unseen, long nanos) {
    if (turns.isCertain() && held.add(copy, unseen, nanos)) {
      return;
    }
    if (HttpStart.isFinal(copy)) {
      turns.answer();
    }
    open.forgetHeld();
    responses.lose();
    turns.missResponses();
  }

  private void lose() {
    int untold = open.loseTurn();
    if (untold == 0) {
      open.tellLost();
    }
  }

  @Override
  public void gap(Way way, long count, long nanos, Cause cause) {
    open.inGap = true;
    if (way == requestWay) {
      requestGap(count, nanos, cause);
    } else {
      responseGap(count, nanos, cause);
    }
    open.inGap = false;
  }

  private void requestGap(long count, long nanos, Cause cause) {
    if (cause == Cause.PASSED_OVER && requests.isBetween() && open.isNoneOpen()) {
      requests.lose();
      turns.missExchanges();
      open.forgetHeld();
      responses.lose();
      return;
    }
    if (cause == Cause.LOST && requests.isLost()) {
      turns.missHead();
    }
    requests.skip(count, nanos);
  }

  private void responseGap(long count, long nanos, Cause cause) {
    if (!held.isEmpty()) {
      hold(ByteBuffer.allocate(0), count, nanos);
    } else if (!open.isTurnOpen()) {
      responses.skip(count, nanos);
    } else if (cause == Cause.LOST || turns.isDoubled()) {
      lose();
    }
  }

  @Override
  public void end(Way way) {
    if (way == requestWay) {
      requests.end();
    } else {
      responses.end();
      open.flush();
    }
  }

  @Override
  public boolean isMissed() {
    return !open.waiting.isEmpty();
  }

  @Override
  public long keptBytes() {
    return open.keptBytes();
  }
}
