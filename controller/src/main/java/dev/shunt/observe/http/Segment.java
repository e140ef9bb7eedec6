package dev.shunt.observe.http;

import java.nio.ByteBuffer;

/**
 * Bytes that a connection carried one way, at once.
 *
 * @param way of them
 * @param position of the first: how many went this way before, since the connection is watched
 * @param length of all
 * @param copy the first of them, as many as were copied; valid during the call
 * @param nanos when, on any clock that the caller keeps
 * @param redirected whether they went past TCP
 */
public record Segment(
    Way way, long position, long length, ByteBuffer copy, long nanos, boolean redirected) {
  /** Refuses more copied than there was. */
  public Segment {
    if (position < 0 || length < copy.remaining()) {
      throw new IllegalArgumentException(
          "segment: position %d, %d copied of %d".formatted(position, copy.remaining(), length));
    }
  }
}
