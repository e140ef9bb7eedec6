package dev.shunt.observe.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Cuts one way of an HTTP/2 connection into frames (RFC 9113, 4.1). One thread. */
final class FrameReader {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int CONTINUATION = 9;

  static final int HEADER_BYTES = 9;
  private static final int PAYLOAD_MAX = HeaderBlocks.BLOCK_MAX;

  /**
   * The header of a frame.
   *
   * @param length of its payload
   * @param type of it
   * @param flags of it
   * @param stream 0: of the connection
   */
  record Frame(int length, int type, int flags, int stream) {
    boolean has(int flag) {
      return (flags & flag) != 0;
    }

    /** Whether its payload is needed. */
    private boolean isRead() {
      return type == HEADERS
          || type == RST_STREAM
          || type == SETTINGS
          || type == PUSH_PROMISE
          || type == CONTINUATION;
    }
  }

  /** Who is told of the frames. */
  interface Frames {
    /** Takes a frame that is complete; the payload is empty for those that nobody needs. */
    void frame(Frame frame, ByteBuffer payload, long nanos);

    /** Frames are missing from here on; nothing more is told. */
    void lost();
  }

  private final Frames frames;
  private final ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
  private ByteArrayOutputStream payload = new ByteArrayOutputStream(0);
  private Frame frame = new Frame(0, 0, 0, 0);

  /** Of the payload, or of the preface. */
  private long left;

  private boolean inFrame;
  private boolean isLost;

  /**
   * Begins where the way begins.
   *
   * @param prefaceBytes to be passed before the first frame
   */
  FrameReader(Frames frames, int prefaceBytes) {
    this.frames = frames;
    left = prefaceBytes;
  }

  void take(ByteBuffer bytes, long nanos) {
    while (bytes.hasRemaining() && !isLost) {
      if (left > 0) {
        payload(bytes);
      } else {
        header(bytes);
      }
      if (inFrame && left == 0) {
        deliver(nanos);
      }
    }
  }

  /** Passes bytes that nobody copied. */
  void skip(long count, long nanos) {
    if (count == 0 || isLost) {
      return;
    }
    if (count > left || frame.isRead()) {
      lose();
      return;
    }
    left -= count;
    if (inFrame && left == 0) {
      deliver(nanos);
    }
  }

  private void deliver(long nanos) {
    inFrame = false;
    ByteBuffer complete = ByteBuffer.wrap(payload.toByteArray());
    payload = new ByteArrayOutputStream(0);
    frames.frame(frame, complete, nanos);
  }

  /** Bytes of a frame that is not complete. */
  int keptBytes() {
    return payload.size();
  }

  void lose() {
    if (!isLost) {
      isLost = true;
      payload = new ByteArrayOutputStream(0);
      frames.lost();
    }
  }

  private void payload(ByteBuffer bytes) {
    int count = (int) Math.min(left, bytes.remaining());
    if (inFrame && frame.isRead()) {
      byte[] copy = new byte[count];
      bytes.get(copy);
      payload.writeBytes(copy);
    } else {
      bytes.position(bytes.position() + count);
    }
    left -= count;
  }

  private void header(ByteBuffer bytes) {
    while (bytes.hasRemaining() && header.hasRemaining()) {
      header.put(bytes.get());
    }
    if (header.hasRemaining()) {
      return;
    }
    int first = header.getInt(0);
    frame =
        new Frame(first >>> 8, first & 0xff, header.get(4) & 0xff, header.getInt(5) & ~(1 << 31));
    header.clear();
    if (frame.isRead() && frame.length() > PAYLOAD_MAX) {
      lose();
      return;
    }
    left = frame.length();
    inFrame = true;
  }
}
