package dev.shunt.observe.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts one way of a connection into messages of HTTP/1. One thread. */
final class Http1Reader {
  private static final int HEAD_MAX = 65536;
  private static final int HEAD_USUAL = 512;
  private static final byte[] NONE = {};
  private static final int CHUNK_LINE_MAX = 1024;

  private enum State {
    LOST,
    START,
    HEAD,
    COUNTED,
    CHUNK_LINE,
    CHUNK,
    TRAILER,
    UNTIL_END,
    OPAQUE
  }

  private final Http1Messages messages;
  private State state = State.LOST;

  /** As far as it has come; empty outside of one. */
  private byte[] head = NONE;

  private int headLength;

  /** Of the body, or of the chunk with the line end after it. */
  private long left;

  /** Of the line in the body; empty lines end it. */
  private int lineLength;

  private long chunk;
  private boolean inExtension;
  private boolean hasDigits;

  /** Begins at the next segment that begins a message. */
  Http1Reader(Http1Messages messages) {
    this.messages = messages;
  }

  /** The next byte begins a message. */
  void begin() {
    state = State.START;
  }

  boolean isLost() {
    return state == State.LOST;
  }

  /** Whether the next byte begins a message. */
  boolean isBetween() {
    return state == State.START;
  }

  /** Waits for the next segment that begins a message. */
  void lose() {
    if (state != State.OPAQUE) {
      state = State.LOST;
      head = NONE;
    }
  }

  /** Bytes of a head that is not complete. */
  int keptBytes() {
    return head.length;
  }

  void close() {
    state = State.OPAQUE;
    head = NONE;
  }

  /** The connection has ended this way. */
  void end() {
    if (state == State.UNTIL_END) {
      messages.end();
    }
    lose();
  }

  /** Takes what a segment has copied; leaves a message that may not begin yet. */
  void take(ByteBuffer bytes, long nanos) {
    if (state == State.LOST && messages.isBegin(bytes)) {
      state = State.START;
    }
    while (bytes.hasRemaining() && (state != State.START || messages.mayBegin())) {
      step(bytes, nanos);
    }
  }

  /** Passes bytes that nobody copied. */
  void skip(long count, long nanos) {
    if (count == 0) {
      return;
    }
    long passed = 0;
    switch (state) {
      case COUNTED, CHUNK -> passed = Math.min(count, left);
      case UNTIL_END, OPAQUE, LOST -> passed = count;
      default -> {}
    }
    messages.bytes(count, nanos);
    if (passed == count) {
      pass(passed);
    } else {
      State before = state;
      lose();
      tellLost(before);
    }
  }

  private void tellLost(State before) {
    switch (before) {
      case CHUNK_LINE, CHUNK, TRAILER -> messages.lostEnd();
      default -> messages.lost();
    }
  }

  private void pass(long count) {
    if (state == State.COUNTED || state == State.CHUNK) {
      left -= count;
      if (left == 0) {
        endOfCount();
      }
    }
  }

  private void step(ByteBuffer bytes, long nanos) {
    switch (state) {
      case START -> start(bytes, nanos);
      case HEAD -> head(bytes, nanos);
      case CHUNK_LINE, TRAILER -> line(bytes, nanos);
      case COUNTED, CHUNK -> {
        int count = (int) Math.min(left, bytes.remaining());
        bytes.position(bytes.position() + count);
        messages.bytes(count, nanos);
        pass(count);
      }
      case UNTIL_END, LOST, OPAQUE -> {
        messages.bytes(bytes.remaining(), nanos);
        bytes.position(bytes.limit());
      }
    }
  }

  /** Empty lines before a message are passed (RFC 9112, 2.2). */
  private void start(ByteBuffer bytes, long nanos) {
    byte first = bytes.get(bytes.position());
    if (first == '\r' || first == '\n') {
      bytes.get();
      return;
    }
    state = State.HEAD;
    headLength = 0;
    messages.begin(nanos);
  }

  private void head(ByteBuffer bytes, long nanos) {
    int count = Math.min(bytes.remaining(), HEAD_MAX - headLength);
    int end = headLength + count;
    if (end > head.length) {
      head = Arrays.copyOf(head, Math.max(HEAD_USUAL, Math.max(end, head.length * 2)));
    }
    bytes.get(bytes.position(), head, headLength, count);
    int complete = headEnd(headLength, end);
    int taken = (complete < 0 ? end : complete) - headLength;
    bytes.position(bytes.position() + taken);
    headLength += taken;
    messages.bytes(taken, nanos);
    if (complete >= 0) {
      Http1Head parsed = Http1Head.parse(head, headLength);
      head = NONE;
      body(messages.head(parsed));
    } else if (headLength == HEAD_MAX) {
      fail();
    }
  }

  /** Where the head ends, with an empty line; -1: not before {@code end}. */
  private int headEnd(int from, int end) {
    for (int at = from; at < end; at++) {
      if (head[at] == '\n' && isEmptyLine(at)) {
        return at + 1;
      }
    }
    return -1;
  }

  /** The line that ends there; the first one is none. */
  private boolean isEmptyLine(int at) {
    return at > 1 && (head[at - 1] == '\n' || (head[at - 1] == '\r' && head[at - 2] == '\n'));
  }

  private void fail() {
    lose();
    messages.lost();
  }

  private void body(@Nullable Http1Body body) {
    if (body == null) {
      fail();
      return;
    }
    switch (body.framing()) {
      case COUNTED -> {
        state = State.COUNTED;
        left = body.length();
        if (left == 0) {
          endOfCount();
        }
      }
      case CHUNKED -> beginLine(State.CHUNK_LINE);
      case UNTIL_END -> state = State.UNTIL_END;
      case OPAQUE -> {
        state = State.OPAQUE;
        messages.end();
      }
    }
  }

  private void endOfCount() {
    if (state == State.COUNTED) {
      endOfMessage();
    } else {
      beginLine(State.CHUNK_LINE);
    }
  }

  private void endOfMessage() {
    state = State.START;
    messages.end();
  }

  private void beginLine(State next) {
    state = next;
    lineLength = 0;
    chunk = 0;
    inExtension = false;
    hasDigits = false;
  }

  private void line(ByteBuffer bytes, long nanos) {
    int begin = bytes.position();
    boolean complete = false;
    while (bytes.hasRemaining() && !complete) {
      byte at = bytes.get();
      complete = at == '\n';
      if (!complete && at != '\r') {
        lineLength++;
        addDigit(at);
      }
    }
    messages.bytes(bytes.position() - begin, nanos);
    if (state == State.CHUNK_LINE && (chunk < 0 || lineLength > CHUNK_LINE_MAX)) {
      fail();
    } else if (complete) {
      endOfLine();
    }
  }

  private void addDigit(byte at) {
    int digit = Character.digit(at, 16);
    inExtension |= digit < 0;
    if (!inExtension) {
      hasDigits = true;
      chunk = chunk < 0 || chunk > Long.MAX_VALUE >> 5 ? -1 : chunk * 16 + digit;
    }
  }

  private void endOfLine() {
    if (state == State.TRAILER) {
      if (lineLength == 0) {
        endOfMessage();
      } else {
        beginLine(State.TRAILER);
      }
    } else if (!hasDigits) {
      fail(); // no size
    } else if (chunk == 0) {
      beginLine(State.TRAILER);
    } else {
      state = State.CHUNK;
      left = chunk + 2;
    }
  }
}
