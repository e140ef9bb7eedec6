package dev.shunt.agent;

import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.layout.ConnectionRow;
import dev.shunt.datapath.programs.SockmapDatapath;
import dev.shunt.desired.filter.IpAddress;
import dev.shunt.reconcile.filter.PacketFilters;
import dev.shunt.reconcile.filter.TcpEnds;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Keeps connections on TCP whose packets a filter may drop: what is redirected passes no packet
 * hook. Within one network namespace a connection passes the loopback only. Loop thread only.
 */
final class FilteredPairs {
  private final SockmapDatapath datapath;
  private final PacketFilters filters;
  private final Supplier<List<NetworkNamespace>> namespaces;
  private boolean settled;

  /**
   * Over a data path and the filters of the same node.
   *
   * @param namespaces in which connections may have an end
   */
  FilteredPairs(
      SockmapDatapath datapath,
      PacketFilters filters,
      Supplier<List<NetworkNamespace>> namespaces) {
    this.datapath = datapath;
    this.filters = filters;
    this.namespaces = namespaces;
  }

  /** One end of a pair. */
  private record End(String namespace, TcpEnds ends) {}

  /** Looks at all pairs; milliseconds for thousands of connections, nothing without filters. */
  void refresh() {
    boolean canDrop = filters.canDrop();
    if (!canDrop && settled) {
      return;
    }
    Set<Long> filtered = canDrop ? filteredNonces() : Set.of();
    settled = !canDrop;
    if (datapath.maps().filteredPairs().replace(filtered)) {
      datapath.sweep();
    }
  }

  private Set<Long> filteredNonces() {
    Map<Long, List<End>> pairs = new HashMap<>();
    for (NetworkNamespace namespace : namespaces.get()) {
      datapath.dump(
          namespace,
          row -> {
            long nonce = row.u64("nonce");
            if (nonce != 0) {
              pairs
                  .computeIfAbsent(nonce, key -> new ArrayList<>())
                  .add(new End(namespace.name(), ends(row)));
            }
          });
    }
    Set<Long> filtered = new HashSet<>();
    pairs.forEach(
        (nonce, ends) -> {
          if (mayDrop(ends)) {
            filtered.add(nonce);
          }
        });
    return filtered;
  }

  private boolean mayDrop(List<End> pair) {
    boolean inOne = pair.size() > 1 && pair.get(0).namespace().equals(pair.get(1).namespace());
    if (inOne && !pair.get(0).namespace().equals(NetworkNamespace.HOST)) {
      return false;
    }
    return pair.stream().anyMatch(end -> filters.mayDrop(end.namespace(), end.ends()));
  }

  private static TcpEnds ends(ConnectionRow row) {
    return new TcpEnds(
        address(row.address("local")),
        row.port("local_port"),
        address(row.address("remote")),
        row.port("remote_port"));
  }

  private static IpAddress address(InetAddress address) {
    return IpAddress.of(address.getAddress());
  }
}
