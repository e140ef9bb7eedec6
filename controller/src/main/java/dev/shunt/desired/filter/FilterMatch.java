package dev.shunt.desired.filter;

import dev.shunt.desired.PortRange;
import java.util.List;

/**
 * Conditions of a rule; all must hold. An empty list is no condition.
 *
 * @param remotes addresses of the far end: the source at ingress, the destination at egress
 * @param sources source addresses
 * @param destinations destination addresses
 * @param protocol transport protocol
 * @param sourcePorts of TCP, UDP or SCTP
 * @param destinationPorts of TCP, UDP or SCTP
 * @param icmp types and codes of ICMP or ICMPv6
 * @param fragments which pieces of a datagram
 */
public record FilterMatch(
    List<Cidr> remotes,
    List<Cidr> sources,
    List<Cidr> destinations,
    FilterProtocol protocol,
    List<PortRange> sourcePorts,
    List<PortRange> destinationPorts,
    List<IcmpMatch> icmp,
    FragmentMatch fragments) {
  /** Every packet. */
  public static final FilterMatch EVERYTHING =
      new FilterMatch(
          List.of(),
          List.of(),
          List.of(),
          FilterProtocol.ANY,
          List.of(),
          List.of(),
          List.of(),
          FragmentMatch.ANY);

  /** Copies the lists and checks what goes together. */
  public FilterMatch {
    remotes = List.copyOf(remotes);
    sources = List.copyOf(sources);
    destinations = List.copyOf(destinations);
    sourcePorts = List.copyOf(sourcePorts);
    destinationPorts = List.copyOf(destinationPorts);
    icmp = List.copyOf(icmp);
    if (!(sourcePorts.isEmpty() && destinationPorts.isEmpty()) && !protocol.hasPorts()) {
      throw new IllegalArgumentException(
          "ports: with protocol " + protocol + " (expected: TCP, UDP or SCTP)");
    }
    if (!icmp.isEmpty() && !protocol.isIcmp()) {
      throw new IllegalArgumentException(
          "ICMP types: with protocol " + protocol + " (expected: ICMP or ICMPV6)");
    }
  }

  /** Whether it has a condition on ports or ICMP types, which later fragments do not carry. */
  public boolean needsTransportHeader() {
    return !(sourcePorts.isEmpty() && destinationPorts.isEmpty() && icmp.isEmpty());
  }

  /** All its CIDRs. */
  public int cidrs() {
    return remotes.size() + sources.size() + destinations.size();
  }
}
