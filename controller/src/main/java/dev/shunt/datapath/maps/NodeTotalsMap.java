package dev.shunt.datapath.maps;

import dev.shunt.datapath.layout.NodeCountersRow;
import dev.shunt.datapath.libbpf.BpfMap;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Sums that belong to no endpoint ({@code node_totals}): a row that the programs write, and one for
 * what the controller itself counts. Thread-safe.
 */
public final class NodeTotalsMap {
  /** {@code NODE_TOTAL_PROGRAMS}. */
  public static final int PROGRAMS = 0;

  /** {@code NODE_TOTAL_CONTROLLER}. */
  public static final int CONTROLLER = 1;

  private final BpfMap map;
  private final int cpus;

  /** Wraps the map. */
  public NodeTotalsMap(BpfMap map) {
    this.map = map;
    cpus = map.valueBytes() / map.valueStride();
  }

  /** The counters, summed over both rows and all CPUs. */
  public NodeCountersRow sum() {
    NodeCountersRow row = NodeCountersRow.NONE;
    for (int writer : List.of(PROGRAMS, CONTROLLER)) {
      ByteBuffer values = map.lookup(Keys.u32(writer)).orElseThrow();
      for (int cpu = 0; cpu < cpus; cpu++) {
        row = row.plus(map.ofCpu(values, cpu), 0);
      }
    }
    return row;
  }

  /** Counts nonces that were removed unanswered. */
  public synchronized void addExpired(long pairs) {
    ByteBuffer values = map.lookup(Keys.u32(CONTROLLER)).orElseThrow();
    ByteBuffer first = map.ofCpu(values, 0);
    int offset = NodeCountersRow.LAYOUT.offset("pairs_expired");
    first.putLong(offset, first.getLong(offset) + pairs);
    map.update(Keys.u32(CONTROLLER), values);
  }
}
