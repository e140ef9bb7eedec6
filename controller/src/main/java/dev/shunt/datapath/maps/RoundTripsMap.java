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

  /** Rows of all readers. Walks through their keys. */
  public int entries() {
    return map.countEntries();
  }

  /**
   * Visits every row, and deletes some after that.
   *
   * @param unwanted is given key and value, valid during the call only; true: to be deleted
   */
  public void removeIf(BiPredicate<TraceRecord, TraceRecord> unwanted) {
    List<ByteBuffer> keys = new ArrayList<>();
    map.forEach(
        (pair, row) -> {
          if (unwanted.test(
              new TraceRecord(TraceRows.PAIR, pair), new TraceRecord(TraceRows.RTT, row))) {
            ByteBuffer copy =
                ByteBuffer.allocate(TraceRows.PAIR.size()).order(ByteOrder.nativeOrder());
            keys.add(copy.put(pair.duplicate()).flip());
          }
        });
    keys.forEach(map::delete);
  }

  /** Deletes the rows of a reader, before its place is given to another. */
  public void forget(int reader) {
    removeIf((pair, row) -> pair.u32("reader") == reader);
  }
}
