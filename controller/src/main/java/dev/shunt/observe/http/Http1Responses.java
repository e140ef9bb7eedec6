package dev.shunt.observe.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The responses of an HTTP/1 connection. One thread. */
final class Http1Responses implements Http1Messages {
  private static final int OK = 200;

  private final Http1Exchanges open;
  private boolean informational;

  Http1Responses(Http1Exchanges open) {
    this.open = open;
  }

  @Override
  public boolean isBegin(ByteBuffer bytes) {
    boolean begins = HttpStart.of(bytes) == HttpStart.RESPONSE;
    if (!open.turns.isOnTrial()) {
      if (HttpStart.isFinal(bytes)) {
        open.turns.answer();
      }
      return false;
    }
    if (bytes.hasRemaining() && (!begins || open.waiting.isEmpty())) {
      goOn();
      return false;
    }
    return begins;
  }

  /** The answer of an older one goes on, or one thread was faster than another. */
  private void goOn() {
    if (open.turns.areRequestsMissing()) {
      open.giveUp();
    } else {
      lost();
    }
  }

  @Override
  public boolean mayBegin() {
    return !open.waiting.isEmpty();
  }

  @Override
  public void begin(long nanos) {
    open.waiting.element().firstNanos = nanos;
  }

  @Override
  public @Nullable Http1Body head(Http1Head head) {
    int status = head.status();
    if (status == 0) {
      return null;
    }
    informational = status < OK && status != Http1Body.SWITCHING;
    if (informational) {
      return Http1Body.NONE;
    }
    if (open.turns.isOnTrial() && !isProven()) {
      return null;
    }
    Pending answered = open.waiting.element();
    answered.status = status;
    Http1Body body = Http1Body.ofResponse(head, answered.method, status);
    if (body.framing() == Http1Body.Framing.OPAQUE) {
      open.requests.close();
      open.waiting.keepOldest();
    }
    return body;
  }

  private boolean isProven() {
    boolean mayGoOn = open.turns.areRequestsMissing() && !open.requests.isBetween();
    if (mayGoOn || !open.turns.isOfTurn()) {
      open.giveUp();
      return false;
    }
    open.waiting.element().isDoubtful = !open.turns.prove();
    return true;
  }

  @Override
  public void bytes(long count, long nanos) {
    if (open.waiting.isEmpty()) {
      return;
    }
    Pending oldest = open.waiting.element();
    oldest.addResponse(count, nanos);
    oldest.redirected |= open.redirected;
    boolean isAskedBehind = open.waiting.size() > 1 || open.turns.isAskedBehind();
    if (isAskedBehind && !open.inGap && !open.responses.isLost()) {
      open.turns.pipeline();
    }
  }

  @Override
  public void end() {
    if (!informational) {
      open.waiting.finish();
    }
  }

  @Override
  public void lost() {
    if (open.loseTurn() == 0 && !open.turns.isOver()) {
      open.tellLost();
    }
  }

  @Override
  public void lostEnd() {
    open.turns.missResponses();
  }
}
