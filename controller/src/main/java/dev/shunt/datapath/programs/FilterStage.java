package dev.shunt.datapath.programs;

import dev.shunt.datapath.events.RingBufferReader;
import dev.shunt.datapath.host.HostLinks.HostLink;
import dev.shunt.datapath.layout.FilterEventRecord;
import dev.shunt.datapath.layout.FilterHits;
import dev.shunt.datapath.layout.FilterPoint;
import dev.shunt.datapath.layout.FilterTotalsRow;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.programs.FilterHooks.Attached;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Programs, maps, hooks and ring of the packet filters of a node. Used by one thread, but for the
 * counters; closed by whoever opened it. What is attached stays attached.
 */
public final class FilterStage implements AutoCloseable {
  private final FilterDatapath datapath;
  private final FilterHooks hooks;
  private final FilterPins pins;
  private final RingBufferReader ring;
  private Consumer<FilterEventRecord> consumer = event -> {};

  private FilterStage(FilterDatapath datapath, FilterHooks hooks, FilterPins pins) {
    this.datapath = datapath;
    this.hooks = hooks;
    this.pins = pins;
    ring =
        new RingBufferReader(
            datapath.maps().denials(), bytes -> consumer.accept(new FilterEventRecord(bytes)));
  }

  /**
   * Loads the programs and takes over what an earlier process left.
   *
   * @param base directory on a bpffs for the pins
   * @param eventInterval least time between two denial events of one rule
   */
  public static FilterStage open(Libbpf libbpf, Path base, Duration eventInterval) {
    FilterPins pins = new FilterPins(base);
    FilterDatapath datapath = FilterDatapath.load(libbpf, Optional.of(pins), eventInterval);
    return new FilterStage(datapath, new FilterHooks(libbpf, datapath, pins), pins);
  }

  /**
   * Puts a rule set in force on some points.
   *
   * @return why not; empty when it is
   */
  public Optional<String> put(Collection<FilterPoint> points, List<ByteBuffer> pages) {
    try {
      datapath.maps().put(points, pages);
      return Optional.empty();
    } catch (BpfException refused) {
      return Optional.of(String.valueOf(refused.getMessage()));
    }
  }

  /** See {@link FilterHooks#attach}. */
  public Attached attach(FilterPoint point, HostLink device) {
    return hooks.attach(point, device);
  }

  /** Detaches, then forgets the rules. */
  public void remove(FilterPoint point) {
    hooks.detach(point);
    datapath.maps().remove(point);
  }

  /** Points with a program or with rules, those of an earlier process included. */
  public Set<FilterPoint> points() {
    Set<FilterPoint> points = new LinkedHashSet<>(hooks.points());
    points.addAll(datapath.maps().points());
    return points;
  }

  /** Hits of a slot. Any thread. */
  public FilterHits hits(int slot) {
    return datapath.maps().hits(slot);
  }

  /** Counters that belong to no rule. Any thread. */
  public FilterTotalsRow totals() {
    return datapath.maps().totals();
  }

  /** Forgets what a slot has counted. */
  public void clear(int slot) {
    datapath.maps().clear(slot);
  }

  /** Hands over the denial events that are there. */
  public int drain(Consumer<FilterEventRecord> taker) {
    consumer = taker;
    return ring.drain();
  }

  /** Removes every pin; points must be removed before. */
  public void unpin() {
    pins.removeAll();
  }

  @Override
  public void close() {
    ring.close();
    hooks.close();
    datapath.close();
  }
}
