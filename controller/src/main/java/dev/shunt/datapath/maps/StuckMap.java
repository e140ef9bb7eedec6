package dev.shunt.datapath.maps;

import dev.shunt.datapath.libbpf.BpfMap;
import java.util.ArrayList;
import java.util.List;

/**
 * Sockets whose reader spliced while redirected data was queued, or was misled by FIONREAD ({@code
 * stuck}); written and emptied by the programs, which never meet those that have closed.
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

  /**
   * Removes sockets suspected before a moment of CLOCK_MONOTONIC.
   *
   * @return how many
   */
  public int expire(long suspectedBeforeNanos) {
    List<Long> old = new ArrayList<>();
    map.forEach(
        (cookie, since) -> {
          if (since.getLong(0) < suspectedBeforeNanos) {
            old.add(cookie.getLong(0));
          }
        });
    return (int) old.stream().filter(cookie -> map.delete(Keys.u64(cookie))).count();
  }
}
