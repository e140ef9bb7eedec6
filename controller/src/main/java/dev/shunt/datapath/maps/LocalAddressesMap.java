package dev.shunt.datapath.maps;

import dev.shunt.datapath.layout.Address;
import dev.shunt.datapath.libbpf.BpfMap;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;

/** Addresses of this host's namespaces ({@code local_addresses}); loopback needs no row. */
public final class LocalAddressesMap {
  private static final int PRESENT = 1;

  private final BpfMap map;

  /** Wraps the map. */
  public LocalAddressesMap(BpfMap map) {
    this.map = map;
  }

  /** Makes the map hold exactly these addresses; new ones are added before old ones go. */
  public void replace(Set<InetAddress> wanted) {
    Set<InetAddress> present = new HashSet<>();
    map.forEach((key, value) -> present.add(Address.read(key, 0)));
    for (InetAddress address : wanted) {
      if (!present.contains(address)) {
        map.update(Address.encode(address), Keys.u32(PRESENT));
      }
    }
    for (InetAddress address : present) {
      if (!wanted.contains(address)) {
        map.delete(Address.encode(address));
      }
    }
  }
}
