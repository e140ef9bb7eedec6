package dev.shunt.datapath.maps;

import dev.shunt.datapath.libbpf.BpfMap;
import java.util.HashSet;
import java.util.Set;

/**
 * Connections that a packet filter may drop packets of ({@code filtered_pairs}), by nonce; written
 * by the controller only. One thread.
 */
public final class FilteredPairsMap {
  private final BpfMap map;

  /** Wraps the map. */
  public FilteredPairsMap(BpfMap map) {
    this.map = map;
  }

  /** The nonces that are there. */
  public Set<Long> nonces() {
    Set<Long> nonces = new HashSet<>();
    map.forEach((key, value) -> nonces.add(key.getLong(0)));
    return nonces;
  }

  /**
   * Makes these the only ones; the next sweep acts on it.
   *
   * @return whether anything changed
   */
  public boolean replace(Set<Long> wanted) {
    Set<Long> old = nonces();
    old.stream().filter(nonce -> !wanted.contains(nonce)).forEach(n -> map.delete(Keys.u64(n)));
    wanted.stream()
        .filter(nonce -> !old.contains(nonce))
        .forEach(nonce -> map.update(Keys.u64(nonce), Keys.u32(1)));
    return !old.equals(wanted);
  }
}
