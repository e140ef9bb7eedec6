package dev.shunt.observe.http;

import org.jspecify.annotations.Nullable;

/**
 * One connection, as one end sees it: finds out what is spoken and tells each exchange. Segments of
 * a way come in order; positions that do not follow each other are bytes that nobody saw. One
 * thread.
 */
public final class HttpConversation {
  private static final int BYTES = 512;

  private final HttpListener listener;
  private final long[] expected = new long[2];

  /** When something was seen last, of each way. */
  private final long[] seenNanos = new long[2];

  private @Nullable Spoken spoken;

  /** Tells {@code listener} what it reads. */
  public HttpConversation(HttpListener listener) {
    this.listener = listener;
  }

  /** Takes what comes next on its way. */
  public void take(Segment segment) {
    int way = segment.way().number();
    long missing = segment.position() - expected[way];
    if (missing < 0) {
      return; // two threads at once; what it belongs to was given up as missing
    }
    if (spoken == null) {
      spoken = begin(segment);
    } else if (missing > 0) {
      spoken.gap(segment.way(), missing, segment.nanos(), cause(way));
    }
    expected[way] = segment.position() + segment.length();
    if (spoken != null) {
      seenNanos[way] = segment.nanos();
      spoken.take(segment);
    }
  }

  private Spoken.Cause cause(int way) {
    return listener.mayBeLost(seenNanos[way]) ? Spoken.Cause.LOST : Spoken.Cause.PASSED_OVER;
  }

  private @Nullable Spoken begin(Segment segment) {
    return switch (startOf(segment)) {
      case NONE -> null;
      case REQUEST ->
          segment.position() == 0
              ? Http1Conversation.ofRequest(segment.way(), listener)
              : Http1Conversation.ofRest(segment.way(), listener, cause(segment.way().number()));
      case RESPONSE ->
          segment.position() == 0
              ? Http1Conversation.ofResponse(segment.way().other(), listener)
              : Http1Conversation.ofRest(segment.way().other(), listener, Spoken.Cause.LOST);
      case HTTP2 -> new Http2Conversation(segment.way(), listener);
    };
  }

  /** The first byte of a connection is a client's; it may be the H of HEAD alone. */
  private static HttpStart startOf(Segment segment) {
    HttpStart start = HttpStart.of(segment.copy());
    boolean isAlone = segment.position() == 0 && segment.copy().remaining() == 1;
    return isAlone && start == HttpStart.RESPONSE ? HttpStart.REQUEST : start;
  }

  /** Whether a request would go untold if this were forgotten now. */
  public boolean isMissed() {
    return spoken != null && spoken.isMissed();
  }

  /** At most the bytes of memory that it takes, for a bound over all of them. */
  public long keptBytes() {
    return BYTES + (spoken == null ? 0 : spoken.keptBytes());
  }

  /**
   * Nothing more comes on a way.
   *
   * @param position how many bytes went this way; what was not seen of them is missing
   */
  public void end(Way way, long position) {
    long missing = position - expected[way.number()];
    if (spoken != null && missing > 0) {
      spoken.gap(way, missing, seenNanos[way.number()], cause(way.number()));
    }
    end(way);
  }

  /** As the other one, where nobody knows how many bytes there were. */
  public void end(Way way) {
    if (spoken != null) {
      spoken.end(way);
    }
  }
}
