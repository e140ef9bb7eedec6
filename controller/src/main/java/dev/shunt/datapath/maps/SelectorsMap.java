package dev.shunt.datapath.maps;

import dev.shunt.datapath.layout.SelectorKey;
import dev.shunt.datapath.libbpf.BpfMap;
import java.util.HashMap;
import java.util.Map;

/** Selectors narrower than a namespace ({@code selectors}); written by the controller only. */
public final class SelectorsMap {
  private final BpfMap map;

  /** Wraps the map. */
  public SelectorsMap(BpfMap map) {
    this.map = map;
  }

  /** Sends what the selector matches to an endpoint. */
  public void put(SelectorKey selector, int endpoint) {
    map.update(selector.encode(), Keys.u32(endpoint));
  }

  /** Removes a selector. */
  public void remove(SelectorKey selector) {
    map.delete(selector.encode());
  }

  /** All rows: selector to endpoint. */
  public Map<SelectorKey, Integer> all() {
    Map<SelectorKey, Integer> rows = new HashMap<>();
    map.forEach((key, value) -> rows.put(SelectorKey.decode(key), value.getInt(0)));
    return rows;
  }
}
