package dev.shunt.datapath.maps;

import dev.shunt.datapath.layout.NodeConfigLayout;
import dev.shunt.datapath.libbpf.BpfMap;
import dev.shunt.datapath.libbpf.MappedMemory;
import java.nio.ByteBuffer;

/**
 * The node's settings ({@code config}): one row in memory shared with the programs, so that reading
 * and writing a field costs no system call. Any thread; single fields only, each is atomic. Closed
 * with the data path.
 */
public final class ConfigMap implements AutoCloseable {
  private final MappedMemory memory;
  private final ByteBuffer row;

  /** Maps the row. */
  public ConfigMap(BpfMap map) {
    memory = map.mmap();
    row = memory.buffer();
  }

  /** A 32-bit field by its C name. */
  public int get(String field) {
    return row.getInt(NodeConfigLayout.LAYOUT.offset(field));
  }

  /** Sets a 32-bit field by its C name; programs see it with their next message. */
  public void set(String field, int value) {
    row.putInt(NodeConfigLayout.LAYOUT.offset(field), value);
  }

  /** A 64-bit field by its C name. */
  public long getLong(String field) {
    return row.getLong(NodeConfigLayout.LAYOUT.offset(field));
  }

  /** Sets a 64-bit field by its C name. */
  public void setLong(String field, long value) {
    row.putLong(NodeConfigLayout.LAYOUT.offset(field), value);
  }

  /** Makes the programs look at the traits again: call after changing {@link TraitsMap}. */
  public void raiseTraitGeneration() {
    set("trait_generation", get("trait_generation") + 1);
  }

  @Override
  public void close() {
    memory.close();
  }
}
