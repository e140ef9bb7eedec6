package dev.shunt.datapath.maps;

import dev.shunt.datapath.layout.StructLayout;
import dev.shunt.datapath.layout.TraceRows;
import dev.shunt.datapath.libbpf.BpfMap;
import dev.shunt.datapath.libbpf.MappedMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What each CPU has counted for a telemetry module ({@code cpus}); a count is the sum of all.
 * Programs add at any time. Used by one thread at a time; whoever opened it closes it.
 */
public final class TraceCountsMap implements AutoCloseable {
  private static final StructLayout CPU = TraceRows.CPU;
  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final int cpus;
  private final MappedMemory memory;
  private final ByteBuffer rows;

  /** Maps the map, which has a row for each CPU. */
  public TraceCountsMap(BpfMap map) {
    cpus = map.shape().maxEntries();
    memory = map.mmap();
    rows = memory.buffer();
  }

  private static int at(int cpu, String field, int place) {
    return cpu * CPU.size() + CPU.offset(field) + place * Long.BYTES;
  }

  /** A field of {@code struct trace_cpu}, such as {@code shed}. */
  public long sum(String field) {
    return sum(field, 0);
  }

  /** Of a field with a count for each reader. */
  public long sum(String field, int reader) {
    long sum = 0;
    for (int cpu = 0; cpu < cpus; cpu++) {
      sum += rows.getLong(at(cpu, field, reader));
    }
    return sum;
  }

  /** Adds one to a count of a reader. */
  public void add(String field, int reader) {
    LONGS.getAndAdd(rows, at(0, field, reader), 1L);
  }

  /** For a reader that nothing is counted for yet. */
  public void clear(String field, int reader) {
    for (int cpu = 0; cpu < cpus; cpu++) {
      rows.putLong(at(cpu, field, reader), 0);
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
