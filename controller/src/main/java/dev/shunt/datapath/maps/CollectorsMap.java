package dev.shunt.datapath.maps;

import dev.shunt.datapath.layout.TraceRecord;
import dev.shunt.datapath.layout.TraceRows;
import dev.shunt.datapath.libbpf.BpfMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Pauses and collections of JVMs that go on ({@code collectors}). Used by the thread of the
 * session; closed with its module.
 */
public final class CollectorsMap {
  private final BpfMap map;

  /** Reads a map that the caller keeps open. */
  public CollectorsMap(BpfMap map) {
    this.map = map;
  }

  /** Gets rows. */
  public interface Visitor {
    /**
     * One of them.
     *
     * @param pid of the JVM
     * @param record as far as it is filled, valid during the call
     */
    void row(int pid, TraceRecord record);
  }

  /**
   * Visits those of processes that run, and removes the others.
   *
   * @param hasEnded asked with process ids
   */
  public void visit(IntPredicate hasEnded, Visitor visitor) {
    List<Long> ended = new ArrayList<>();
    map.forEach(
        (key, row) -> {
          long thread = key.getLong(key.position());
          int pid = (int) (thread >>> Integer.SIZE);
          if (hasEnded.test(pid)) {
            ended.add(thread);
          } else {
            TraceRecord collector = new TraceRecord(TraceRows.COLLECTOR, row);
            visitor.row(pid, collector.part("record", TraceRows.GC, 0));
          }
        });
    for (long thread : ended) {
      map.delete(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, thread));
    }
  }
}
