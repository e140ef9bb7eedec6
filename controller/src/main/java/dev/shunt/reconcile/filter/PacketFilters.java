package dev.shunt.reconcile.filter;

import dev.shunt.desired.filter.FilterName;
import dev.shunt.desired.filter.PointRules;
import dev.shunt.desired.filter.TrafficFilter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The packet filters of this node, for whoever wires them to policies and to the API.
 *
 * <p>One thread applies and drains; {@link #points()}, {@link #counters()} and {@link #totals()}
 * may be called by any. Closing leaves attached what is attached: filters outlive the process.
 */
public interface PacketFilters extends AutoCloseable {
  /**
   * Brings filters into force, each attachment point at once or not at all. Called again whenever
   * policies, interfaces or pods may have changed; does nothing where nothing has. An empty list
   * removes everything.
   *
   * @return what was refused; refused filters leave their points as they were
   */
  FilterOutcome apply(List<TrafficFilter> filters);

  /** Every attachment point that a filter asks for, attached or not. */
  List<FilterPointState> points();

  /** The rules in force on a point, for the reference matcher; empty: no such point. */
  Optional<PointRules> rulesAt(String point);

  /** Hits by rule, in the order of filters and rules. */
  List<RuleCounters> counters();

  /** What belongs to no rule. */
  FilterTotals totals();

  /** Whether any point can drop anything. */
  boolean canDrop();

  /**
   * Whether packets of an established TCP connection, either way, may be dropped where they leave
   * or enter a network namespace: denied, or limited in rate.
   *
   * @param namespace of the end, as {@code NetworkNamespace} names it
   * @param ends addresses and ports as that end knows them
   */
  boolean mayDrop(String namespace, TcpEnds ends);

  /** Hands over the denial events that have come since the last call, without waiting. */
  int drainDenials(Consumer<Denial> consumer);

  /** Detaches and unpins everything. */
  void remove();

  @Override
  void close();

  /**
   * Result of bringing filters into force.
   *
   * @param refused why, by filter; the last good rules stay in force
   * @param warnings remarks by filter: rules that can never match, fail-safe ports kept open
   */
  record FilterOutcome(Map<FilterName, String> refused, Map<FilterName, List<String>> warnings) {
    /** Copies the maps. */
    public FilterOutcome {
      refused = Map.copyOf(refused);
      warnings = Map.copyOf(warnings);
    }
  }
}
