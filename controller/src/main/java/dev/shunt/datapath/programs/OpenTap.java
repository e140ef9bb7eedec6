package dev.shunt.datapath.programs;

import dev.shunt.datapath.layout.TapStateRow;
import dev.shunt.datapath.libbpf.BpfMap;
import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.MappedMemory;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * One tap in the kernel. Used by the thread that reads its ring; that thread closes it, after the
 * ring's reader.
 */
public final class OpenTap implements AutoCloseable {
  static final String RING = "records";

  /** A tap whose process does not move its deadline on within this ends by itself. */
  private static final Duration LIFETIME = Duration.ofSeconds(5);

  private final Taps taps;
  private final int slot;
  private final BpfObject object;
  private final MappedMemory memory;
  private final ByteBuffer state;

  OpenTap(Taps taps, int slot, BpfObject object) {
    this.taps = taps;
    this.slot = slot;
    this.object = object;
    memory = object.map(".bss").mmap();
    state = memory.buffer();
  }

  int slot() {
    return slot;
  }

  /** The ring of {@link dev.shunt.datapath.layout.TapRecord}s. */
  public BpfMap ring() {
    return object.map(RING);
  }

  /** A counter of {@code struct tap_state} by its C name. */
  public long count(String field) {
    return state.getLong(TapStateRow.LAYOUT.offset(field));
  }

  /** To be called every second or so; else the tap ends by itself after five. */
  public void keepAlive() {
    taps.keepAlive(this);
  }

  /** System.nanoTime() is CLOCK_MONOTONIC on Linux. */
  void moveDeadline() {
    state.putLong(
        TapStateRow.LAYOUT.offset("alive_until_ns"), System.nanoTime() + LIFETIME.toNanos());
  }

  void release() {
    memory.close();
    object.close();
  }

  @Override
  public void close() {
    taps.close(this);
  }
}
