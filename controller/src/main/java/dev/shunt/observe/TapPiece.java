package dev.shunt.observe;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * A piece of a message that an accelerated connection sent. Valid during the call that delivers it.
 *
 * @param time wall clock, when it was sent
 * @param connection it belongs to
 * @param sender which end sent the message
 * @param extent where in the message and in the stream it is
 * @param reason why the message went by TCP; {@code NONE} when it was redirected
 * @param payload what was captured of it
 * @param lostMessages of this tap so far
 */
public record TapPiece(
    Instant time,
    TapConnection connection,
    Side sender,
    Extent extent,
    Reason reason,
    ByteBuffer payload,
    long lostMessages) {
  /**
   * A connection of a tap.
   *
   * @param number counts the connections of the tap from 1
   * @param client the end that connected; its addresses count for both directions
   * @param server the end that was accepted, with the addresses that it sees
   */
  public record TapConnection(long number, TapEnd client, TapEnd server) {}

  /**
   * One end; cookie 0 where it was gone when the tap saw the connection first.
   *
   * @param cookie of the socket
   * @param namespace its network namespace
   * @param local as it sees itself
   * @param remote as it sees the other end
   */
  public record TapEnd(
      long cookie, String namespace, InetSocketAddress local, InetSocketAddress remote) {}

  /**
   * Where a piece is.
   *
   * @param sequence of the message's first byte in the stream of its sender, modulo 2^32
   * @param messageBytes of the whole message
   * @param offsetBytes of the piece in the message
   * @param bytes of the piece; more than the payload when it was cut
   */
  public record Extent(int sequence, int messageBytes, int offsetBytes, int bytes) {}
}
