package dev.shunt.desired.connect;

import dev.shunt.desired.PortRange;
import dev.shunt.desired.filter.Cidr;
import java.util.List;

/**
 * Where an attempt goes. An empty list is no condition.
 *
 * @param to destination addresses; one of IPv4 also means v4-mapped ones
 * @param protocol transport protocol
 * @param ports destination ports
 */
public record ConnectTarget(List<Cidr> to, ConnectProtocol protocol, List<PortRange> ports) {
  /** Anywhere. */
  public static final ConnectTarget ANYWHERE =
      new ConnectTarget(List.of(), ConnectProtocol.ANY, List.of());

  /** Copies the lists. */
  public ConnectTarget {
    to = List.copyOf(to);
    ports = List.copyOf(ports);
  }
}
