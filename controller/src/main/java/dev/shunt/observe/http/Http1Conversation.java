package dev.shunt.observe.http;

import dev.shunt.observe.http.Http1Head.RequestLine;
import dev.shunt.observe.http.HttpExchange.Side;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Pairs the requests of an HTTP/1 connection with their responses, which come in the same order.
 * One thread.
 */
final class Http1Conversation implements Spoken {
  private static final int OK = 200;

  /** Of one connection; nobody asks for more at once. */
  private static final int WAITING_MAX = 1024;

  private final Way requestWay;
  private final HttpListener listener;
  private final Http1Reader requests = new Http1Reader(new Requests());
  private final Http1Reader responses = new Http1Reader(new Responses());

  /** Requests whose heads have come. */
  private final WaitingRequests waiting;

  /** Responses that came before their requests: who writes and who reads may be two threads. */
  private final HeldSegments held = new HeldSegments();

  private @Nullable Pending asking;
  private boolean redirected;
  private boolean missedRequests;

  /** Among them one whose response comes after those of all that are known. */
  private boolean missedHeads;

  private boolean missedResponses;

  /** A final response has come since requests are missing: what was open then is over. */
  private boolean answered;

  /** A response has come before the first request, whose it may be. */
  private boolean overtaken;

  /** Whoever copies counts what it does not hand over. */
  private boolean isCounted;

  /** Begins with the next request. */
  Http1Conversation(Way requestWay, HttpListener listener) {
    this.requestWay = requestWay;
    this.listener = listener;
    waiting = new WaitingRequests(requestWay == Way.RECEIVED ? Side.SERVER : Side.CLIENT, listener);
  }

  @Override
  public void take(Segment segment) {
    redirected = segment.redirected();
    ByteBuffer copy = segment.copy().duplicate();
    long unseen = segment.length() - copy.remaining();
    if (segment.way() == requestWay) {
      requests.take(copy, segment.nanos());
      held.release(responses, waiting);
      requests.skip(unseen, segment.nanos());
      return;
    }
    if (held.isEmpty()) {
      responses.take(copy, segment.nanos());
    }
    if (held.isEmpty() && !copy.hasRemaining()) {
      responses.skip(unseen, segment.nanos());
    } else {
      hold(copy, unseen, segment.nanos());
    }
  }

  private void hold(ByteBuffer copy, long unseen, long nanos) {
    answered |= HttpStart.isFinal(copy);
    if (missedRequests || !held.add(copy, unseen, nanos)) {
      held.clear();
      responses.lose();
      missedResponses = true;
    }
  }

  @Override
  public void gap(Way way, long count, long nanos) {
    isCounted = true;
    if (way == requestWay) {
      boolean isBetween = requests.isBetween() && waiting.isEmpty();
      requests.skip(count, nanos);
      answered |= isBetween; // whole requests were passed over, as where there is no room for them
    } else if (held.isEmpty()) {
      responses.skip(count, nanos);
      forgetAnswered();
    } else {
      hold(ByteBuffer.allocate(0), count, nanos);
    }
    isCounted = false;
  }

  private void tellLost() {
    if (!isCounted) {
      listener.lost();
    }
  }

  @Override
  public void end(Way way) {
    if (way == requestWay) {
      requests.end();
    } else {
      responses.end();
      flush();
    }
  }

  @Override
  public boolean isMissed() {
    return !waiting.isEmpty();
  }

  @Override
  public long keptBytes() {
    return (long) waiting.size() * Pending.BYTES_MAX
        + held.keptBytes()
        + requests.keptBytes()
        + responses.keptBytes();
  }

  /** Tells what can be told no better any more. */
  private void flush() {
    if (missedRequests || missedResponses) {
      waiting.flushAfterLoss();
      responses.lose();
    } else {
      waiting.flush();
    }
  }

  /** Heads of responses may be missing. */
  private void forgetAnswered() {
    if (!responses.isLost() || waiting.isEmpty()) {
      return;
    }
    if (missedRequests) {
      flush();
    } else if (waiting.element().status == 0) {
      waiting.forgetAnswered();
    }
  }

  private final class Requests implements Http1Messages {
    /** What looks like a request may be of a body, until what was open has its answer. */
    @Override
    public boolean isBegin(ByteBuffer bytes) {
      return HttpStart.of(bytes) == HttpStart.REQUEST && (answered || !missedRequests);
    }

    @Override
    public boolean mayBegin() {
      return true;
    }

    /** After a loss nobody knows which of the responses under way is whose. */
    @Override
    public void begin(long nanos) {
      if (missedRequests || missedResponses) {
        flush();
        held.clear();
      }
      missedRequests = false;
      missedHeads = false;
      missedResponses = false;
      asking = new Pending(nanos);
    }

    @Override
    public @Nullable Http1Body head(Http1Head head) {
      RequestLine line = head.request();
      if (line == null || asking == null || waiting.size() == WAITING_MAX) {
        return null;
      }
      asking.ask(line.method(), line.target(), line.protocol());
      asking.context = head.context();
      waiting.add(asking);
      missedResponses |= overtaken;
      overtaken = false;
      return Http1Body.ofRequest(head);
    }

    @Override
    public void bytes(long count, long nanos) {
      if (asking != null) {
        asking.addRequest(count);
        asking.redirected |= redirected;
      }
    }

    @Override
    public void end() {
      asking = null;
    }

    @Override
    public void lost() {
      missedHeads = true;
      lostEnd();
      tellLost();
    }

    @Override
    public void lostEnd() {
      if (missedResponses) {
        flush();
      }
      missedRequests = true;
      answered = !held.isEmpty();
      asking = null;
    }
  }

  private final class Responses implements Http1Messages {
    private boolean informational;

    @Override
    public boolean isBegin(ByteBuffer bytes) {
      boolean begins = HttpStart.of(bytes) == HttpStart.RESPONSE;
      if (waiting.isEmpty()) {
        overtaken |= begins;
        answered |= HttpStart.isFinal(bytes);
        return false;
      }
      if (begins && waiting.element().status != 0) {
        waiting.finish(); // its end was lost
        answered |= waiting.isEmpty() && !missedHeads;
      }
      return begins && !waiting.isEmpty();
    }

    @Override
    public boolean mayBegin() {
      return !waiting.isEmpty();
    }

    @Override
    public void begin(long nanos) {
      waiting.element().firstNanos = nanos;
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
      waiting.element().status = status;
      Http1Body body = Http1Body.ofResponse(head, waiting.element().method, status);
      if (body.framing() == Http1Body.Framing.OPAQUE) {
        requests.close();
        waiting.keepOldest();
      }
      return body;
    }

    @Override
    public void bytes(long count, long nanos) {
      if (!waiting.isEmpty()) {
        waiting.element().addResponse(count, nanos);
        waiting.element().redirected |= redirected;
      }
    }

    @Override
    public void end() {
      if (!informational) {
        waiting.finish();
        answered |= waiting.isEmpty() && !missedHeads;
      }
    }

    @Override
    public void lost() {
      tellLost();
      lostEnd();
      if (waiting.size() == 1) {
        waiting.finish(); // whatever comes may be of its body
      } else {
        forgetAnswered();
      }
    }

    @Override
    public void lostEnd() {
      missedResponses = true;
    }
  }
}
