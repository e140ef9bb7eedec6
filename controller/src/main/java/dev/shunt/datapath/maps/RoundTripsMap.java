package dev.shunt.datapath.maps;

import dev.shunt.datapath.layout.TraceRecord;
import dev.shunt.datapath.layout.TraceRows;
import dev.shunt.datapath.libbpf.BpfMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Histograms of round trip times by pair and reader ({@code round_trips}). Thread-safe. */
public final class RoundTripsMap {
  private final BpfMap map;

  /** Wraps the map. */
  public RoundTripsMap(BpfMap map) {
    this.map = map;
  }

  /** Visits every row; key and value are valid during the call only. */
  public void forEach(BiConsumer<TraceRecord, TraceRecord> visitor) {
    map.forEach(
        (pair, row) ->
            visitor.accept(
                new TraceRecord(TraceRows.PAIR, pair), new TraceRecord(TraceRows.RTT, row)));
  }

  /** Deletes the rows of a reader, before its place is given to another. */
  public void forget(int reader) {
    List<ByteBuffer> keys = new ArrayList<>();
    map.forEach(
        (pair, row) -> {
          if (new TraceRecord(TraceRows.PAIR, pair).u32("reader") == reader) {
            ByteBuffer copy =
                ByteBuffer.allocate(TraceRows.PAIR.size()).order(ByteOrder.nativeOrder());
            keys.add(copy.put(pair.duplicate()).flip());
          }
        });
    keys.forEach(map::delete);
  }
}
