package dev.shunt.e2e.verify.programs.jvm;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What an echo client says and has to hear: turns of 1 byte to 64 KB, then the whole payload, then
 * the end. One thread.
 */
final class Conversation {
  private static final int TURNS = 200;
  private static final int LARGEST = 65536;

  private final byte[] payload;
  private final MessageDigest digest;
  private ByteBuffer expected;
  private int turn;
  private long received;

  Conversation(byte[] payload) throws NoSuchAlgorithmException {
    this.payload = payload;
    digest = MessageDigest.getInstance("SHA-256");
    expected = message();
  }

  /** The message of this turn. */
  ByteBuffer message() {
    if (isLast()) {
      return ByteBuffer.wrap(payload);
    }
    int size = 1 + turn * turn * 37 % LARGEST;
    return ByteBuffer.wrap(payload, turn * 7919 % (payload.length - size), size);
  }

  /** Whether this is the turn of the whole payload, after which the client half-closes. */
  boolean isLast() {
    return turn == TURNS;
  }

  /** Whether everything came back. */
  boolean isOver() {
    return turn > TURNS;
  }

  /** Bytes that this turn still has to hear. */
  int missing() {
    return isOver() ? 0 : expected.remaining();
  }

  /**
   * Takes what came back.
   *
   * @return whether that ends the turn
   * @throws IllegalStateException when it is not what was sent
   */
  boolean take(ByteBuffer got) {
    int size = got.remaining();
    if (size > missing() || !expected.slice(expected.position(), size).equals(got)) {
      throw new IllegalStateException("turn " + turn + ": " + size + " other bytes");
    }
    received += size;
    digest.update(got);
    expected.position(expected.position() + size);
    if (expected.hasRemaining()) {
      return false;
    }
    turn++;
    if (!isOver()) {
      expected = message();
    }
    return true;
  }

  /**
   * Takes the end of the stream.
   *
   * @throws IllegalStateException when it is too early
   */
  void takeEnd() {
    if (!isOver()) {
      throw new IllegalStateException("turn " + turn + ": end of stream");
    }
  }

  void print() {
    System.out.println("turns " + TURNS);
    System.out.println("received " + received);
    System.out.println("sha256 " + HexFormat.of().formatHex(digest.digest()));
  }
}
