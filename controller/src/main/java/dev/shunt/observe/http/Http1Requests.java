package dev.shunt.observe.http;

import dev.shunt.observe.http.Http1Head.RequestLine;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The requests of an HTTP/1 connection. One thread. */
final class Http1Requests implements Http1Messages {
  /** Of one connection; nobody asks for more at once. */
  private static final int WAITING_MAX = 1024;

  private final Http1Exchanges open;

  Http1Requests(Http1Exchanges open) {
    this.open = open;
  }

  @Override
  public boolean isBegin(ByteBuffer bytes) {
    ByteBuffer message = HttpStart.withoutEmptyLines(bytes);
    boolean begins = HttpStart.isUsualRequest(message);
    boolean mayTurn = open.turns.mayTurn();
    if (!begins && message.hasRemaining() && mayTurn && open.isAnswered()) {
      open.giveUp(); // what goes on after its answer may have anything in it
    }
    return begins && mayTurn && open.isNoneOpen();
  }

  @Override
  public boolean mayBegin() {
    return true;
  }

  @Override
  public void begin(long nanos) {
    if (open.turns.isOver()) {
      open.giveUp();
      return;
    }
    if (!open.turns.isCertain()) {
      open.waiting.flushAfterLoss();
      open.held.clear();
      open.responses.lose();
      open.turns.turn();
    } else if (open.waiting.isAskedAt(nanos)) {
      open.turns.pipeline();
    }
    open.asking = new Pending(nanos);
  }

  @Override
  public @Nullable Http1Body head(Http1Head head) {
    RequestLine line = head.request();
    Pending asking = open.asking;
    if (line == null || asking == null || open.waiting.size() == WAITING_MAX) {
      return null;
    }
    asking.ask(line.method(), line.target(), line.protocol());
    asking.context = head.context();
    open.waiting.add(asking);
    return Http1Body.ofRequest(head);
  }

  @Override
  public void bytes(long count, long nanos) {
    Pending asking = open.asking;
    if (asking != null) {
      asking.addRequest(count);
      asking.redirected |= open.redirected;
    }
  }

  @Override
  public void end() {
    open.asking = null;
  }

  @Override
  public void lost() {
    open.asking = null;
    open.turns.missHead();
    open.forgetHeld();
    int untold = open.turns.isOnTrial() ? open.loseTurn() : 0;
    if (untold == 0) {
      open.tellLost();
    }
  }

  @Override
  public void lostEnd() {
    open.asking = null;
    if (open.waiting.isEmpty()) {
      open.turns.missHead(); // its answer would not be known as such
    } else {
      open.turns.missEnd();
    }
    open.forgetHeld();
  }
}
