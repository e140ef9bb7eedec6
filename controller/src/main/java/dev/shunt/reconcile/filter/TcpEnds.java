package dev.shunt.reconcile.filter;

import dev.shunt.desired.filter.FilterProtocol;
import dev.shunt.desired.filter.FragmentKind;
import dev.shunt.desired.filter.IpAddress;
import dev.shunt.desired.filter.PacketFacts;

/**
 * A TCP connection as one of its ends knows it.
 *
 * @param local address
 * @param localPort 0..65535
 * @param remote address
 * @param remotePort 0..65535
 */
public record TcpEnds(IpAddress local, int localPort, IpAddress remote, int remotePort) {
  /** A packet that this end sends while the connection lasts. */
  PacketFacts sent() {
    return facts(local, localPort, remote, remotePort);
  }

  /** A packet that it receives. */
  PacketFacts received() {
    return facts(remote, remotePort, local, localPort);
  }

  private static PacketFacts facts(IpAddress source, int from, IpAddress destination, int to) {
    return new PacketFacts(
        source,
        destination,
        FilterProtocol.TCP.number(),
        FragmentKind.WHOLE,
        from,
        to,
        PacketFacts.Opening.NO);
  }
}
