package dev.shunt.desired.filter;

import dev.shunt.desired.PortRange;
import java.util.List;

/**
 * TCP ports that stay open unless a filter says {@link Lockout#ALLOWED}: who denies them by mistake
 * could not undo it. IPv6 neighbour discovery is kept open with them.
 *
 * @param ports as destination; as source for segments that do not open a connection
 */
public record FailSafe(List<PortRange> ports) {
  /** Nothing is kept open. */
  public static final FailSafe NONE = new FailSafe(List.of());

  /** ssh, Kubernetes API server and kubelet. */
  public static final FailSafe DEFAULT =
      new FailSafe(
          List.of(new PortRange(22, 22), new PortRange(6443, 6443), new PortRange(10250, 10250)));

  /** Router and neighbour solicitations and advertisements: RFC 4861, section 4. */
  private static final int DISCOVERY_FIRST = 133;

  private static final int DISCOVERY_LAST = 136;

  /** Copies the list. */
  public FailSafe {
    ports = List.copyOf(ports);
  }

  /** Whether this is one of the ports. */
  public boolean protectsPort(int port) {
    return ports.stream().anyMatch(range -> port >= range.first() && port <= range.last());
  }

  /** Whether this ICMPv6 type is one of neighbour discovery; none is when no port is kept open. */
  public boolean protectsIcmpv6(int type) {
    return !ports.isEmpty() && type >= DISCOVERY_FIRST && type <= DISCOVERY_LAST;
  }

  /** Whether a packet meets only rules that cannot lock anybody out. */
  public boolean protects(PacketFacts packet) {
    if (packet.protocol() == FilterProtocol.TCP.number()) {
      return protectsPort(packet.destinationPort())
          || (packet.opening() == PacketFacts.Opening.NO && protectsPort(packet.sourcePort()));
    }
    return packet.protocol() == FilterProtocol.ICMPV6.number()
        && packet.destinationPort() != PacketFacts.ABSENT
        && protectsIcmpv6(packet.icmpType());
  }
}
