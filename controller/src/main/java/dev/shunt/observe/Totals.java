package dev.shunt.observe;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Counters summed over CPUs, of one endpoint or of the node. They outlive connections. Immutable.
 *
 * @param connections ends counted by step
 * @param traffic messages and bytes
 * @param spills redirecting directions that went to TCP
 * @param reasons those with a count above 0, in the order of {@link Reason}
 */
public record Totals(
    ConnectionTotals connections, Traffic traffic, long spills, List<ReasonCount> reasons) {
  /** Nothing counted. */
  public static final Totals NONE = new Totals(ConnectionTotals.NONE, Traffic.NONE, 0, List.of());

  /** Copies the list. */
  public Totals {
    reasons = List.copyOf(reasons);
  }

  /** The sum of both. */
  public Totals plus(Totals other) {
    Map<Reason, ReasonCount> sums = new EnumMap<>(Reason.class);
    List<ReasonCount> all = new ArrayList<>(reasons);
    all.addAll(other.reasons);
    for (ReasonCount count : all) {
      sums.merge(
          count.reason(),
          count,
          (a, b) ->
              new ReasonCount(
                  a.reason(), a.connections() + b.connections(), a.messages() + b.messages()));
    }
    return new Totals(
        connections.plus(other.connections),
        traffic.plus(other.traffic),
        spills + other.spills,
        List.copyOf(sums.values()));
  }
}
