package dev.shunt.datapath.maps;

import dev.shunt.datapath.layout.NodeCountersRow;
import dev.shunt.datapath.libbpf.BpfMap;
import java.nio.ByteBuffer;

/** Sums that belong to no endpoint ({@code node_totals}); written by the programs, read here. */
public final class NodeTotalsMap {
  private final BpfMap map;
  private final int cpus;

  /** Wraps the map. */
  public NodeTotalsMap(BpfMap map) {
    this.map = map;
    cpus = map.valueBytes() / map.valueStride();
  }

  /** The counters, summed over all CPUs. */
  public NodeCountersRow sum() {
    NodeCountersRow row = NodeCountersRow.NONE;
    ByteBuffer values = map.lookup(Keys.u32(0)).orElseThrow();
    for (int cpu = 0; cpu < cpus; cpu++) {
      row = row.plus(map.ofCpu(values, cpu), 0);
    }
    return row;
  }
}
