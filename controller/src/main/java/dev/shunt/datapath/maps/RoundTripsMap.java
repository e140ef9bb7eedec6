package dev.shunt.datapath.maps;

import dev.shunt.datapath.layout.TraceRecord;
import dev.shunt.datapath.layout.TraceRows;
import dev.shunt.datapath.libbpf.BpfMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/** Histograms of round trip times by pair and reader ({@code round_trips}). Thread-safe. */
public final class RoundTripsMap {
  private final BpfMap map;

  /** Wraps the map. */
  public RoundTripsMap(BpfMap map) {
    this.map = map;
  }

  /** Rows that it has room for. */
  public int capacity() {
    return map.shape().maxEntries();
  }

  /**
   * Visits every row, and deletes some after that.
   *
   * @param unwanted is given key and value, valid during the call only; true: to be deleted
   * @return how many rows are left
   */
  public int removeIf(BiPredicate<TraceRecord, TraceRecord> unwanted) {
    List<ByteBuffer> keys = new ArrayList<>();
    int[] visited = new int[1];
    map.forEach(
        (pair, row) -> {
          visited[0]++;
          if (unwanted.test(
              new TraceRecord(TraceRows.PAIR, pair), new TraceRecord(TraceRows.RTT, row))) {
            ByteBuffer copy =
                ByteBuffer.allocate(TraceRows.PAIR.size()).order(ByteOrder.nativeOrder());
            keys.add(copy.put(pair.duplicate()).flip());
          }
        });
    keys.forEach(map::delete);
    return visited[0] - keys.size();
  }

  /** Deletes the rows of a reader, before its place is given to another. */
  public void forget(int reader) {
    removeIf((pair, row) -> pair.u32("reader") == reader);
  }
}
