package dev.shunt.observe.http;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Copies of segments that wait, bounded. One thread. */
final class HeldSegments {
  private static final int BYTES_MAX = 65536;
  private static final int COUNT_MAX = 64;

  /**
   * What is left of a segment.
   *
   * @param copy its bytes
   * @param unseen how many follow
   * @param nanos when
   */
  private record Held(ByteBuffer copy, long unseen, long nanos) {}

  private final Deque<Held> segments = new ArrayDeque<>();
  private int bytes;

  boolean isEmpty() {
    return segments.isEmpty();
  }

  /** False: there is no room. */
  boolean add(ByteBuffer rest, long unseen, long nanos) {
    if (segments.size() == COUNT_MAX || bytes + rest.remaining() > BYTES_MAX) {
      return false;
    }
    bytes += rest.remaining();
    segments.add(new Held(ByteBuffer.allocate(rest.remaining()).put(rest).flip(), unseen, nanos));
    return true;
  }

  /**
   * Hands over what answers those that wait. What a peer has answered before it was asked stays
   * where it is, before what came later.
   */
  void release(Http1Reader responses, WaitingRequests waiting) {
    while (!waiting.isEmpty() && !segments.isEmpty()) {
      Held oldest = segments.remove();
      bytes -= oldest.copy().remaining();
      responses.take(oldest.copy(), oldest.nanos());
      if (oldest.copy().hasRemaining()) {
        bytes += oldest.copy().remaining();
        segments.addFirst(oldest);
      } else {
        responses.skip(oldest.unseen(), oldest.nanos());
      }
    }
  }

  /** Of all of them. */
  int keptBytes() {
    return bytes;
  }

  void clear() {
    segments.clear();
    bytes = 0;
  }
}
