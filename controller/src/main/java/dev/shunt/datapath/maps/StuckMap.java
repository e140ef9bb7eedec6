package dev.shunt.datapath.maps;

import dev.shunt.datapath.libbpf.BpfMap;

/**
 * Sockets whose reader spliced while redirected data was queued ({@code stuck}); written and
 * emptied by the programs.
 */
public final class StuckMap {
  private final BpfMap map;

  /** Wraps the map. */
  public StuckMap(BpfMap map) {
    this.map = map;
  }

  /** True when no socket is suspected. */
  public boolean isEmpty() {
    return map.nextKey(null).isEmpty();
  }
}
