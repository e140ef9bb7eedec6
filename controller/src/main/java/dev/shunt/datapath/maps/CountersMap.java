package dev.shunt.datapath.maps;

import dev.shunt.datapath.layout.EndpointCountersRow;
import dev.shunt.datapath.libbpf.BpfMap;
import java.nio.ByteBuffer;

/** Sums per endpoint ({@code counters}); written by the programs per CPU, read here. */
public final class CountersMap {
  private final BpfMap map;
  private final int cpus;

  /** Wraps the map. */
  public CountersMap(BpfMap map) {
    this.map = map;
    cpus = map.valueBytes() / map.valueStride();
  }

  /** The counters of an endpoint, summed over all CPUs. */
  public EndpointCountersRow sum(int endpoint) {
    EndpointCountersRow row = new EndpointCountersRow();
    ByteBuffer values = map.lookup(Keys.u32(endpoint)).orElseThrow();
    for (int cpu = 0; cpu < cpus; cpu++) {
      row.add(map.ofCpu(values, cpu), 0);
    }
    return row;
  }

  /** Starts the counters of an endpoint anew, for another owner of its number. */
  public void clear(int endpoint) {
    map.update(Keys.u32(endpoint), ByteBuffer.allocate(map.valueBytes()));
  }
}
