package dev.shunt.datapath.programs;

import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.BpfProgram;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.maps.FilterMaps;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;

/**
 * The packet filter programs in the kernel, with the maps that they share. Used by one thread at a
 * time; closed by whoever loaded it. What is pinned lives on.
 */
public final class FilterDatapath implements AutoCloseable {
  /** Least time between two denial events of one rule. */
  public static final Duration EVENT_INTERVAL = Duration.ofMillis(10);

  private final BpfObject xdp;
  private final BpfObject tc;
  private final FilterMaps maps;

  private FilterDatapath(Libbpf libbpf, BpfObject xdp, BpfObject tc) {
    this.xdp = xdp;
    this.tc = tc;
    maps = new FilterMaps(libbpf, xdp::map);
  }

  /** A program of the filters. */
  public enum Hook {
    /** XDP. */
    XDP("filter_xdp"),
    /** tc, incoming. */
    INGRESS("filter_ingress"),
    /** tc, outgoing. */
    EGRESS("filter_egress"),
    /** tc, incoming, on interfaces whose packets begin with the IP header. */
    INGRESS_BARE("filter_ingress_bare"),
    /** tc, outgoing, on such interfaces. */
    EGRESS_BARE("filter_egress_bare");

    private final String program;

    Hook(String program) {
      this.program = program;
    }
  }

  /** Loads the programs with maps of their own, which end with them. */
  public static FilterDatapath load(Libbpf libbpf) {
    return load(libbpf, Optional.empty(), EVENT_INTERVAL);
  }

  /**
   * Loads the programs.
   *
   * @param pins where maps are pinned, and taken over from an earlier process
   * @param eventInterval least time between two denial events of one rule
   */
  public static FilterDatapath load(
      Libbpf libbpf, Optional<FilterPins> pins, Duration eventInterval) {
    BpfObject xdp = libbpf.open("xdp", FilterImage.read("xdp"));
    BpfObject tc = libbpf.open("tc", FilterImage.read("tc"));
    try {
      pins.ifPresent(
          found -> FilterMaps.NAMES.forEach(name -> xdp.setPinPath(name, found.map(name))));
      setInterval(xdp, eventInterval);
      setInterval(tc, eventInterval);
      xdp.load();
      FilterMaps.NAMES.forEach(name -> tc.reuse(name, xdp.map(name)));
      tc.load();
      return new FilterDatapath(libbpf, xdp, tc);
    } catch (RuntimeException failed) {
      xdp.close();
      tc.close();
      throw failed;
    }
  }

  private static void setInterval(BpfObject object, Duration interval) {
    object.setGlobal(
        "event_interval_ns",
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.nativeOrder())
            .putLong(0, interval.toNanos()));
  }

  /** The program for a hook, closed with this. */
  public BpfProgram program(Hook hook) {
    return (hook == Hook.XDP ? xdp : tc).program(hook.program);
  }

  /** The maps, closed with this. */
  public FilterMaps maps() {
    return maps;
  }

  @Override
  public void close() {
    tc.close();
    xdp.close();
  }
}
