package dev.shunt.datapath.maps;

import dev.shunt.datapath.layout.NetnsState;
import dev.shunt.datapath.libbpf.BpfMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Network namespaces by cookie ({@code netns}); written by the controller only. */
public final class NetnsMap {
  private final BpfMap map;

  /** Wraps the map. */
  public NetnsMap(BpfMap map) {
    this.map = map;
  }

  /** Makes a namespace known, or changes it. */
  public void put(long cookie, NetnsState state) {
    map.update(Keys.u64(cookie), state.encode());
  }

  /** Forgets a namespace: its sockets get the default endpoint and no adoption. */
  public void remove(long cookie) {
    map.delete(Keys.u64(cookie));
  }

  /** What is known of a namespace. */
  public Optional<NetnsState> get(long cookie) {
    return map.lookup(Keys.u64(cookie)).map(NetnsState::decode);
  }

  /** All rows. */
  public Map<Long, NetnsState> all() {
    Map<Long, NetnsState> rows = new HashMap<>();
    map.forEach((key, value) -> rows.put(key.getLong(0), NetnsState.decode(value)));
    return rows;
  }
}
