package dev.shunt.datapath.maps;

import dev.shunt.datapath.layout.StructLayout;
import dev.shunt.datapath.layout.TraitState;
import dev.shunt.datapath.layout.Workload;
import dev.shunt.datapath.libbpf.BpfMap;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Properties of workloads ({@code traits}); learned by the programs, configured by the controller.
 * After a change call {@link ConfigMap#raiseTraitGeneration()}.
 */
public final class TraitsMap {
  private static final StructLayout KEY = Workload.LAYOUT;

  private final BpfMap map;

  /** Wraps the map. */
  public TraitsMap(BpfMap map) {
    this.map = map;
  }

  /** Sets what is known of a workload. */
  public void put(Workload workload, TraitState state) {
    map.update(encode(workload), state.encode());
  }

  /** As {@link #put}; a state without traits is removed. */
  public void keep(Workload workload, TraitState state) {
    if (state.traits() == 0) {
      remove(workload);
    } else {
      put(workload, state);
    }
  }

  /** What is known of a workload. */
  public Optional<TraitState> get(Workload workload) {
    return map.lookup(encode(workload)).map(TraitState::decode);
  }

  /** Forgets a workload. */
  public void remove(Workload workload) {
    map.delete(encode(workload));
  }

  /** All rows. */
  public Map<Workload, TraitState> all() {
    Map<Workload, TraitState> rows = new HashMap<>();
    map.forEach((key, value) -> rows.put(Workload.read(key, 0), TraitState.decode(value)));
    return rows;
  }

  private static ByteBuffer encode(Workload workload) {
    ByteBuffer key = KEY.allocate();
    workload.write(key, 0);
    return key;
  }
}
