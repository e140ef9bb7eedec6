package dev.shunt.datapath.maps;

import dev.shunt.datapath.layout.TraceRecord;
import dev.shunt.datapath.layout.TraceRows;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.BpfMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Network namespaces that readers of a telemetry module have chosen, with the percent of the
 * connections there that they follow ({@code chosen}). Thread-safe, but for two that write rows of
 * the same reader.
 */
public final class ChosenNamespacesMap {
  /** {@code TRACE_CHOSEN_MAX}. */
  public static final int ROWS_MAX = 4096;

  private final BpfMap map;

  /** Wraps the map. */
  public ChosenNamespacesMap(BpfMap map) {
    this.map = map;
  }

  /** What a reader has chosen: percent by cookie. */
  public Map<Long, Integer> rows(int reader) {
    Map<Long, Integer> rows = new HashMap<>();
    map.forEach(
        (key, percent) -> {
          TraceRecord choice = new TraceRecord(TraceRows.CHOICE, key);
          if (choice.u32("reader") == reader) {
            rows.put(choice.u64("netns_cookie"), percent.getInt(percent.position()));
          }
        });
    return rows;
  }

  /**
   * Makes this the choice of a reader; what it had chosen and still does is not touched. What goes
   * makes room first, and a row that finds none keeps no other from being written.
   *
   * @param percents 1..100 by cookie
   * @throws BpfException e.g. E2BIG: the map is full; it says how many rows are missing
   */
  public void replace(int reader, Map<Long, Integer> percents) {
    Map<Long, Integer> before = rows(reader);
    Set<Long> gone = new HashSet<>(before.keySet());
    gone.removeAll(percents.keySet());
    gone.forEach(cookie -> map.delete(key(reader, cookie)));
    List<BpfException> failures = new ArrayList<>();
    percents.forEach(
        (cookie, percent) -> {
          if (!percent.equals(before.get(cookie))) {
            try {
              map.update(key(reader, cookie), number(percent));
            } catch (BpfException refused) {
              failures.add(refused);
            }
          }
        });
    if (!failures.isEmpty()) {
      throw missing(failures, percents.size());
    }
  }

  private static BpfException missing(List<BpfException> failures, int wanted) {
    BpfException first = failures.get(0);
    BpfException all =
        new BpfException(
            "write %d of %d rows of".formatted(failures.size(), wanted),
            "map chosen",
            first.errno());
    all.initCause(first);
    return all;
  }

  private static ByteBuffer key(int reader, long cookie) {
    return ByteBuffer.allocate(TraceRows.CHOICE.size())
        .order(ByteOrder.nativeOrder())
        .putLong(TraceRows.CHOICE.offset("netns_cookie"), cookie)
        .putInt(TraceRows.CHOICE.offset("reader"), reader);
  }

  private static ByteBuffer number(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(0, value);
  }
}
