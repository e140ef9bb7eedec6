package dev.shunt.desired.filter;

/**
 * What rules see of a packet.
 *
 * @param source address
 * @param destination address, of the same family
 * @param protocol IANA number, 0..255
 * @param fragment what piece of a datagram it is
 * @param sourcePort 0..65535; {@link #ABSENT} without one
 * @param destinationPort 0..65535, or type and code of ICMP ({@code type << 8 | code}); {@link
 *     #ABSENT} without either
 * @param opening whether it is a TCP segment that opens a connection: SYN without ACK
 */
public record PacketFacts(
    IpAddress source,
    IpAddress destination,
    int protocol,
    FragmentKind fragment,
    int sourcePort,
    int destinationPort,
    Opening opening) {
  /** No port, and no ICMP type. */
  public static final int ABSENT = -1;

  /** Whether a segment opens a connection. */
  public enum Opening {
    /** SYN without ACK. */
    OPENS,
    /** Every other packet. */
    NO
  }

  /** The ICMP type; only of a packet with one. */
  public int icmpType() {
    return destinationPort >> Byte.SIZE;
  }

  /** The ICMP code; only of a packet with one. */
  public int icmpCode() {
    return destinationPort & 0xff;
  }
}
