package dev.shunt.datapath.programs;

import dev.shunt.datapath.layout.TapFilterRow;
import dev.shunt.datapath.libbpf.BpfMap;
import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.datapath.maps.ConfigMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The taps that are open: each is a program of its own in a row of the map {@code taps}, called for
 * every message of a member. While none is open nothing of it is in the kernel. Thread-safe.
 */
public final class Taps {
  /** {@code TAPS_MAX} of message_maps.h. */
  public static final int MAX = 4;

  private static final Image IMAGE = new Image("/bpf/tap.bpf.o");

  private final Libbpf libbpf;
  private final BpfMap taps;
  private final BpfMap connections;
  private final BpfMap pairs;
  private final BpfMap settings;
  private final ConfigMap config;
  private final @Nullable OpenTap[] open = new OpenTap[MAX];

  Taps(Libbpf libbpf, BpfObject sockmap, ConfigMap config) {
    this.libbpf = libbpf;
    this.config = config;
    taps = sockmap.map(MapNames.TAPS);
    connections = sockmap.map(MapNames.CONNECTIONS);
    pairs = sockmap.map(MapNames.PAIRS);
    settings = sockmap.map(MapNames.CONFIG);
  }

  /** Closes what a process that died has left open. */
  synchronized void reset() {
    config.set("tapped", 0);
    for (int slot = 0; slot < MAX; slot++) {
      taps.delete(row(slot));
    }
  }

  /**
   * Opens a tap; its messages begin with the next one that is sent. The caller closes it.
   *
   * @param ringBytes what may wait for the reader: a power of two, a page at least
   * @return empty when {@value #MAX} are open already
   * @throws dev.shunt.datapath.libbpf.BpfException the kernel refused; nothing is left behind
   */
  public synchronized Optional<OpenTap> open(TapFilterRow filter, int ringBytes) {
    for (int slot = 0; slot < MAX; slot++) {
      if (open[slot] == null) {
        OpenTap tap = load(slot, filter, ringBytes);
        open[slot] = tap;
        config.set("tapped", 1);
        return Optional.of(tap);
      }
    }
    return Optional.empty();
  }

  private OpenTap load(int slot, TapFilterRow filter, int ringBytes) {
    BpfObject object = libbpf.open("tap", IMAGE.read());
    try {
      object.reuse(MapNames.TAPS, taps);
      object.reuse(MapNames.CONNECTIONS, connections);
      object.reuse(MapNames.PAIRS, pairs);
      object.reuse(MapNames.CONFIG, settings);
      object.setMaxEntries(OpenTap.RING, ringBytes);
      object.setGlobal("filter", filter.encode(slot, Linux.pageBytes()));
      object.load();
      OpenTap tap = new OpenTap(this, slot, object);
      tap.moveDeadline();
      taps.update(row(slot), row(object.program("tap").fd().number()));
      return tap;
    } catch (RuntimeException failed) {
      object.close();
      throw failed;
    }
  }

  private static ByteBuffer row(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(0, value);
  }

  /** Keeps a tap going for another while; the programs stop by themselves without it. */
  synchronized void keepAlive(OpenTap tap) {
    if (open[tap.slot()] == tap) {
      tap.moveDeadline();
      config.set("tapped", 1); // cleared by a program if this process was stopped for long
    }
  }

  /** Takes a tap away; with the last one the programs are as if there had been none. */
  synchronized void close(OpenTap tap) {
    if (open[tap.slot()] != tap) {
      return;
    }
    open[tap.slot()] = null;
    boolean last = true;
    for (OpenTap other : open) {
      last &= other == null;
    }
    if (last) {
      config.set("tapped", 0);
    }
    taps.delete(row(tap.slot()));
    tap.release();
  }
}
