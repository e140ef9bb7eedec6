package dev.shunt.datapath.maps;

import dev.shunt.datapath.layout.FilterHits;
import dev.shunt.datapath.layout.FilterPoint;
import dev.shunt.datapath.layout.FilterTotalsRow;
import dev.shunt.datapath.libbpf.BpfMap;
import dev.shunt.datapath.libbpf.Libbpf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** The maps of the packet filters. One thread writes, any thread reads. */
public final class FilterMaps {
  /** Every map of the objects, by its C name. */
  public static final List<String> NAMES =
      List.of(
          "filter_sets",
          "filter_hits",
          "filter_slots",
          "filter_sources",
          "filter_node",
          "filter_denials");

  private static final int SLOT_STATE_BYTES = 16;

  private final Libbpf libbpf;
  private final BpfMap sets;
  private final BpfMap hits;
  private final BpfMap slots;
  private final BpfMap sources;
  private final BpfMap node;
  private final BpfMap denials;

  /** Wraps the maps, which {@code named} gives by their C names. */
  public FilterMaps(Libbpf libbpf, Function<String, BpfMap> named) {
    this.libbpf = libbpf;
    sets = named.apply("filter_sets");
    hits = named.apply("filter_hits");
    slots = named.apply("filter_slots");
    sources = named.apply("filter_sources");
    node = named.apply("filter_node");
    denials = named.apply("filter_denials");
  }

  /** A rule set in the kernel, not yet in force. The caller closes it. */
  public BpfMap write(List<ByteBuffer> pages) {
    BpfMap set = libbpf.createInnerArray("filter_set", pages.get(0).capacity(), pages.size());
    try {
      for (int i = 0; i < pages.size(); i++) {
        set.update(Keys.u32(i), pages.get(i).duplicate().rewind());
      }
    } catch (RuntimeException failed) {
      set.close();
      throw failed;
    }
    return set;
  }

  /** Puts a rule set in force: the next packet of the point meets it, whole. */
  public void put(FilterPoint point, BpfMap set) {
    sets.update(point.encode(), Keys.u32(set.fd().number()));
  }

  /** Writes a rule set and puts it in force on some points. */
  public void put(Collection<FilterPoint> points, List<ByteBuffer> pages) {
    try (BpfMap set = write(pages)) {
      points.forEach(point -> put(point, set));
    }
  }

  /** Lets every packet of a point pass. */
  public boolean remove(FilterPoint point) {
    return sets.delete(point.encode());
  }

  /** Points with a rule set. */
  public List<FilterPoint> points() {
    List<FilterPoint> points = new ArrayList<>();
    var key = sets.nextKey(null);
    while (key.isPresent()) {
      points.add(FilterPoint.read(key.get(), 0));
      key = sets.nextKey(key.get());
    }
    return points;
  }

  /** Hits of a slot, summed over all CPUs. */
  public FilterHits hits(int slot) {
    FilterHits sum = FilterHits.NONE;
    ByteBuffer values = hits.lookup(Keys.u32(slot)).orElseThrow();
    for (int cpu = 0; cpu < hits.valueBytes() / hits.valueStride(); cpu++) {
      sum = sum.plus(hits.ofCpu(values, cpu));
    }
    return sum;
  }

  /** What belongs to no rule, summed over all CPUs. */
  public FilterTotalsRow totals() {
    FilterTotalsRow sum = FilterTotalsRow.NONE;
    ByteBuffer values = node.lookup(Keys.u32(0)).orElseThrow();
    for (int cpu = 0; cpu < node.valueBytes() / node.valueStride(); cpu++) {
      sum = sum.plus(node.ofCpu(values, cpu));
    }
    return sum;
  }

  /** Forgets hits and bucket of a slot, before another rule gets it. */
  public void clear(int slot) {
    hits.update(Keys.u32(slot), ByteBuffer.allocate(hits.valueBytes()));
    slots.update(Keys.u32(slot), ByteBuffer.allocate(SLOT_STATE_BYTES));
  }

  /** The buckets of sources. */
  public BpfMap sources() {
    return sources;
  }

  /** The denial ring. */
  public BpfMap denials() {
    return denials;
  }
}
