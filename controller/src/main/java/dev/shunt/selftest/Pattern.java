package dev.shunt.selftest;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/**
 * A stream of bytes that depend on their position, so that lost, doubled and swapped ranges show.
 * Immutable.
 */
final class Pattern {
  /** The longest range. */
  static final int RANGE_MAX = 64 << 10;

  /** A prime, so that ranges of round sizes do not repeat. */
  private static final int PERIOD = 65_521;

  private static final byte[] BYTES = bytes();

  private Pattern() {}

  private static byte[] bytes() {
    byte[] period = new byte[PERIOD];
    new Random(1).nextBytes(period);
    byte[] bytes = Arrays.copyOf(period, PERIOD + RANGE_MAX);
    int copied = PERIOD;
    while (copied < bytes.length) {
      int length = Math.min(PERIOD, bytes.length - copied);
      System.arraycopy(period, 0, bytes, copied, length);
      copied += length;
    }
    return bytes;
  }

  /** Bytes of the stream from a position on; at most {@link #RANGE_MAX}. */
  static ByteBuffer at(long position, int length) {
    return ByteBuffer.wrap(BYTES, (int) (position % PERIOD), length).slice();
  }

  /**
   * Compares received bytes with the stream.
   *
   * @param received from its start to its position
   * @throws CheckFailedException they differ
   */
  static void check(long position, ByteBuffer received) {
    ByteBuffer seen = received.duplicate().flip();
    int difference = at(position, seen.remaining()).mismatch(seen);
    if (difference >= 0) {
      throw new CheckFailedException(
          "the stream differs from what was sent at byte " + (position + difference));
    }
  }
}
