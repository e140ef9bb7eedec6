package dev.shunt.cli;

import dev.shunt.v1.TapEnd;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * A TCP segment in an IP packet (RFC 9293, RFC 791, RFC 8200), with right checksums. Immutable.
 *
 * @param sequence of its first byte
 * @param acknowledged next byte wanted from the other end
 * @param flags of the TCP header
 * @param length of the payload as it was sent
 * @param payload what is known of it: all, or its beginning
 */
record TcpSegment(int sequence, int acknowledged, int flags, int length, ByteBuffer payload) {
  static final int SYN = 0x02;
  static final int PSH = 0x08;
  static final int ACK = 0x10;

  private static final int IPV4_HEADER = 20;
  private static final int IPV6_HEADER = 40;
  private static final int TCP_HEADER = 20;
  private static final int TCP_CHECKSUM = 16;
  private static final int IPV4_CHECKSUM = 10;
  private static final int TCP = 6;
  private static final int HOPS = 64;
  private static final int DONT_FRAGMENT = 0x4000;
  private static final short WINDOW = (short) 65535;

  /** NOP, then the largest window scale: what is shown never exceeds the window. */
  private static final int WINDOW_SCALE = 0x01_03_03_0e;

  /**
   * Address and port.
   *
   * @param address IPv4 or IPv6
   */
  record Address(InetAddress address, int port) {
    static Address local(TapEnd end) {
      return new Address(literal(end.getLocalAddress()), end.getLocalPort());
    }

    static Address remote(TapEnd end) {
      return new Address(literal(end.getRemoteAddress()), end.getRemotePort());
    }

    private static InetAddress literal(String address) {
      try {
        return InetAddress.getByName(address);
      } catch (UnknownHostException foreign) {
        throw new IllegalArgumentException("address of a tapped connection: " + address, foreign);
      }
    }
  }

  /** A segment without payload. */
  static TcpSegment bare(int sequence, int acknowledged, int flags) {
    return new TcpSegment(sequence, acknowledged, flags, 0, ByteBuffer.allocate(0));
  }

  /** Bytes that were sent and are not known. */
  int missing() {
    return length - payload.remaining();
  }

  /** The packet, as far as it is known. */
  ByteBuffer packet(Address from, Address to) {
    byte[] source = from.address().getAddress();
    byte[] target = to.address().getAddress();
    int options = (flags & SYN) == 0 ? 0 : Integer.BYTES;
    int tcp = TCP_HEADER + options;
    int header = source.length == Integer.BYTES ? IPV4_HEADER : IPV6_HEADER;
    ByteBuffer packet = ByteBuffer.allocate(header + tcp + payload.remaining());
    if (header == IPV4_HEADER) {
      ipv4(packet, tcp + length, source, target);
    } else {
      packet.putInt(6 << 28).putShort((short) (tcp + length)).put((byte) TCP).put((byte) HOPS);
      packet.put(source).put(target);
    }
    packet.putShort((short) from.port()).putShort((short) to.port());
    packet.putInt(sequence).putInt(acknowledged);
    packet.put((byte) ((tcp / Integer.BYTES) << 4)).put((byte) flags).putShort(WINDOW).putInt(0);
    if (options > 0) {
      packet.putInt(WINDOW_SCALE);
    }
    packet.put(payload.duplicate());
    if (missing() == 0) { // nobody can check the sum of a segment that was cut
      long pseudo = sum(ByteBuffer.wrap(source), 0) + sum(ByteBuffer.wrap(target), 0);
      pseudo += TCP + tcp + length + sum(packet.duplicate().flip(), header);
      packet.putShort(header + TCP_CHECKSUM, fold(pseudo));
    }
    return packet.flip();
  }

  private static void ipv4(ByteBuffer packet, int length, byte[] source, byte[] target) {
    packet.put((byte) 0x45).put((byte) 0).putShort((short) (IPV4_HEADER + length));
    packet.putShort((short) 0).putShort((short) DONT_FRAGMENT).put((byte) HOPS).put((byte) TCP);
    packet.putShort((short) 0).put(source).put(target);
    packet.putShort(IPV4_CHECKSUM, fold(sum(packet.duplicate().flip(), 0)));
  }

  /** RFC 1071, from a place to the limit. */
  private static long sum(ByteBuffer bytes, int from) {
    long sum = 0;
    for (int i = from; i < bytes.limit(); i++) {
      int value = bytes.get(i) & 0xff;
      sum += (i - from) % 2 == 0 ? (value << 8) : value;
    }
    return sum;
  }

  private static short fold(long sum) {
    long folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xffff) + (folded >>> 16);
    }
    return (short) ~folded;
  }
}
