package dev.shunt.datapath.programs;

import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.BpfProgram;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.maps.FilterMaps;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The packet filter programs in the kernel, with the maps that they share. Each program is loaded
 * when it is first asked for: the verifier takes some 0.1 s for one, and a filter that comes to
 * deny must not wait for hooks that nobody uses. Used by one thread at a time; closed by whoever
 * loaded it. What is pinned lives on.
 */
public final class FilterDatapath implements AutoCloseable {
  /** Least time between two denial events of one rule. */
  public static final Duration EVENT_INTERVAL = Duration.ofMillis(10);

  private final Libbpf libbpf;
  private final Duration eventInterval;
  private final BpfObject shared;
  private final FilterMaps maps;
  private final Map<Hook, BpfObject> loaded = new EnumMap<>(Hook.class);

  private FilterDatapath(Libbpf libbpf, Duration eventInterval, BpfObject shared) {
    this.libbpf = libbpf;
    this.eventInterval = eventInterval;
    this.shared = shared;
    maps = new FilterMaps(libbpf, shared::map);
  }

  /** A program of the filters. */
  public enum Hook {
    /** XDP. */
    XDP("xdp", "filter_xdp"),
    /** tc, incoming. */
    INGRESS("tc", "filter_ingress"),
    /** tc, outgoing. */
    EGRESS("tc", "filter_egress"),
    /** tc, incoming, on interfaces whose packets begin with the IP header. */
    INGRESS_BARE("tc", "filter_ingress_bare"),
    /** tc, outgoing, on such interfaces. */
    EGRESS_BARE("tc", "filter_egress_bare");

    private final String image;
    private final String program;

    Hook(String image, String program) {
      this.image = image;
      this.program = program;
    }
  }

  /** Makes maps of its own, which end with this. */
  public static FilterDatapath load(Libbpf libbpf) {
    return load(libbpf, Optional.empty(), EVENT_INTERVAL);
  }

  /**
   * Makes the maps.
   *
   * @param pins where maps are pinned, and taken over from an earlier process
   * @param eventInterval least time between two denial events of one rule
   */
  public static FilterDatapath load(
      Libbpf libbpf, Optional<FilterPins> pins, Duration eventInterval) {
    BpfObject shared = libbpf.open(Hook.XDP.image, FilterImage.read(Hook.XDP.image));
    try {
      pins.ifPresent(
          found -> FilterMaps.NAMES.forEach(name -> shared.setPinPath(name, found.map(name))));
      shared.programNames().forEach(shared::skipProgram);
      shared.load();
      return new FilterDatapath(libbpf, eventInterval, shared);
    } catch (RuntimeException failed) {
      shared.close();
      throw failed;
    }
  }

  private BpfObject load(Hook hook) {
    BpfObject object = libbpf.open(hook.image, FilterImage.read(hook.image));
    try {
      object.selectOnly(hook.program);
      setInterval(object, eventInterval);
      FilterMaps.NAMES.forEach(name -> object.reuse(name, shared.map(name)));
      object.load();
      return object;
    } catch (RuntimeException failed) {
      object.close();
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

  /** The program for a hook, closed with this; loaded when it is not yet. */
  public BpfProgram program(Hook hook) {
    return loaded.computeIfAbsent(hook, this::load).program(hook.program);
  }

  /** The maps, closed with this. */
  public FilterMaps maps() {
    return maps;
  }

  @Override
  public void close() {
    loaded.values().forEach(BpfObject::close);
    shared.close();
  }
}
