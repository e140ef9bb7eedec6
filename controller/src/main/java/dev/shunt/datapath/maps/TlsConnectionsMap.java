package dev.shunt.datapath.maps;

import dev.shunt.datapath.layout.TraceRecord;
import dev.shunt.datapath.layout.TraceRows;
import dev.shunt.datapath.libbpf.BpfMap;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/** TLS connections that last. Used by the thread of the session; closed with its module. */
public final class TlsConnectionsMap {
  private final BpfMap map;

  /** Reads a map that the caller keeps open. */
  public TlsConnectionsMap(BpfMap map) {
    this.map = map;
  }

  /**
   * Removes those of processes that have ended.
   *
   * @param hasEnded asked with process ids
   * @param consumer gets each, valid during the call
   */
  public void sweep(IntPredicate hasEnded, Consumer<TraceRecord> consumer) {
    List<ByteBuffer> ended = new ArrayList<>();
    map.forEach(
        (key, row) -> {
          TraceRecord name = new TraceRecord(TraceRows.TLS_KEY, key);
          if (hasEnded.test(name.u32("pid"))) {
            ByteBuffer copy = TraceRows.TLS_KEY.allocate();
            copy.putLong(TraceRows.TLS_KEY.offset("ssl"), name.u64("ssl"));
            copy.putInt(TraceRows.TLS_KEY.offset("pid"), name.u32("pid"));
            ended.add(copy);
            consumer.accept(new TraceRecord(TraceRows.TLS, row));
          }
        });
    ended.forEach(map::delete);
  }
}
