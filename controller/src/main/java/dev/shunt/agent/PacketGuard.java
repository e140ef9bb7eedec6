package dev.shunt.agent;

import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.programs.FilterDatapath;
import dev.shunt.datapath.programs.FilterPins;
import dev.shunt.datapath.programs.FilterStage;
import dev.shunt.desired.filter.FailSafe;
import dev.shunt.desired.filter.FilterName;
import dev.shunt.desired.filter.FilterPolicy;
import dev.shunt.reconcile.filter.NodePacketFilters;
import dev.shunt.reconcile.filter.PacketFilters;
import dev.shunt.reconcile.filter.SlotMemory;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps traffic filters in force: loads the programs while there are any, and applies the filters
 * again every 2 s, because interfaces and pods come and go.
 *
 * <p>{@link #tick} and the ends on the loop thread; the rest any thread.
 */
final class PacketGuard {
  private static final Logger LOG = LoggerFactory.getLogger(PacketGuard.class);
  private static final Duration PASS = Duration.ofSeconds(2);

  /** A filter acts on accelerated connections within a second. */
  private static final Duration PAIRS_PASS = Duration.ofMillis(400);

  /**
   * Where the programs go.
   *
   * @param libbpf to load them
   * @param pins directory on a bpffs
   * @param memory of the numbers of rules
   * @param pods namespace files of pods by name, now
   */
  record Place(Libbpf libbpf, Path pins, SlotMemory memory, Supplier<Map<String, Path>> pods) {}

  /** Keeps connections on TCP that filters may drop packets of. */
  interface Pairs {
    /** What looks at all pairs, for these filters. */
    Runnable keptOnTcpBy(PacketFilters filters);
  }

  /**
   * What came of the last pass.
   *
   * @param policies that were applied
   * @param outcome what was refused and what is odd
   * @param error why nothing could be applied; empty when it was
   */
  record Applied(List<FilterPolicy> policies, PacketFilters.FilterOutcome outcome, String error) {
    private static final PacketFilters.FilterOutcome FINE =
        new PacketFilters.FilterOutcome(Map.of(), Map.of());

    static final Applied NOTHING = new Applied(List.of(), FINE, "");

    Applied {
      policies = List.copyOf(policies);
    }
  }

  private final Place place;
  private final Supplier<List<FilterPolicy>> policies;
  private final PacketDenials denials;
  private final Pairs pairs;
  private final AtomicBoolean requested = new AtomicBoolean(true);
  private @Nullable PacketFilters filters;
  private Applied applied = Applied.NOTHING;
  private Runnable refreshPairs = () -> {};
  private long nextPassNanos = System.nanoTime();
  private long nextPairsNanos = System.nanoTime();

  PacketGuard(
      Place place, Supplier<List<FilterPolicy>> policies, PacketDenials denials, Pairs pairs) {
    this.place = place;
    this.policies = policies;
    this.denials = denials;
    this.pairs = pairs;
  }

  /** Asks for a pass with the next tick. */
  void request() {
    requested.set(true);
  }

  /** Makes a pass when one is due, and hands on denials. */
  synchronized void tick() {
    boolean changed = requested.getAndSet(false);
    if (changed || System.nanoTime() - nextPassNanos >= 0) {
      pass();
      nextPassNanos = System.nanoTime() + PASS.toNanos();
    }
    PacketFilters current = filters;
    if (current != null) {
      denials.take(current);
      if (changed || System.nanoTime() - nextPairsNanos >= 0) {
        refreshPairs.run();
        nextPairsNanos = System.nanoTime() + PAIRS_PASS.toNanos();
      }
    }
  }

  private void pass() {
    List<FilterPolicy> wanted = policies.get();
    try {
      if (wanted.isEmpty()) {
        removeAll();
        applied = Applied.NOTHING;
        return;
      }
      PacketFilters.FilterOutcome outcome =
          open().apply(wanted.stream().map(FilterPolicy::filter).toList());
      tell(outcome);
      if (!wanted.equals(applied.policies())) {
        LOG.info("{} traffic filters are in force at {} points", wanted.size(), points());
      }
      applied = new Applied(wanted, outcome, "");
    } catch (BpfException | UncheckedIOException | IllegalArgumentException failed) {
      String error = failed.getMessage() + "; rules in force stay, retry in 2 s";
      if (!error.equals(applied.error())) {
        LOG.warn("apply traffic filters failed: {}", error);
      }
      applied = new Applied(applied.policies(), applied.outcome(), error);
    }
  }

  private PacketFilters open() {
    PacketFilters current = filters;
    if (current == null) {
      FilterStage stage =
          FilterStage.open(place.libbpf(), place.pins(), FilterDatapath.EVENT_INTERVAL);
      current = new NodePacketFilters(stage, FailSafe.DEFAULT, place.memory(), place.pods());
      filters = current;
      refreshPairs = pairs.keptOnTcpBy(current);
    }
    return current;
  }

  private int points() {
    return filters == null ? 0 : filters.points().size();
  }

  /** Once for each change. */
  private void tell(PacketFilters.FilterOutcome outcome) {
    if (outcome.equals(applied.outcome())) {
      return;
    }
    outcome.refused().forEach((name, why) -> LOG.warn("filter {} is refused: {}", name, why));
    for (Map.Entry<FilterName, List<String>> entry : outcome.warnings().entrySet()) {
      entry.getValue().forEach(text -> LOG.warn("filter {}: {}", entry.getKey(), text));
    }
  }

  /** What came of the last pass. */
  synchronized Applied applied() {
    return applied;
  }

  /** Looks at the filters; empty while no program is loaded. */
  synchronized <T> Optional<T> look(Function<PacketFilters, T> look) {
    PacketFilters current = filters;
    return current == null ? Optional.empty() : Optional.of(look.apply(current));
  }

  /** Stops, and leaves the filters in force. */
  synchronized void keep() {
    PacketFilters current = filters;
    filters = null;
    if (current != null) {
      closeNow(current);
    }
  }

  /** Stops, and detaches the programs. */
  synchronized void remove() {
    removeAll();
  }

  private void removeAll() {
    boolean leftOver = isPinned(place.pins());
    if (filters == null && !leftOver) {
      return;
    }
    PacketFilters current = open();
    filters = null;
    current.remove();
    refreshPairs.run();
    closeNow(current);
    LOG.info("no traffic filter is left: the programs are detached");
  }

  private static void closeNow(PacketFilters current) {
    try {
      current.close();
    } catch (Exception failed) {
      LOG.warn("close traffic filters failed: {}; going on", failed.getMessage());
    }
  }

  /** Whether an earlier process left filters under a pin directory. */
  static boolean isPinned(Path pins) {
    return FilterPins.isAnyBelow(pins);
  }

  /** Detaches and unpins what an earlier process left. */
  static void removeLeftOver(Libbpf libbpf, Path pins) {
    if (isPinned(pins)) {
      PacketFilters left =
          new NodePacketFilters(
              FilterStage.open(libbpf, pins, FilterDatapath.EVENT_INTERVAL),
              FailSafe.DEFAULT,
              SlotMemory.NONE);
      left.remove();
      closeNow(left);
    }
  }
}
