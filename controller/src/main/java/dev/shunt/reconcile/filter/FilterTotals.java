package dev.shunt.reconcile.filter;

import java.util.Map;

/**
 * Counts that belong to no rule.
 *
 * @param packets judged
 * @param unmatched allowed because no rule matched
 * @param oddPackets by reason; {@link FilterReason#isOdd()}
 * @param eventsLost denials without an event: the ring was full
 * @param eventsSampledOut denials without an event: the rule had one less than a moment ago
 */
public record FilterTotals(
    long packets,
    long unmatched,
    Map<FilterReason, Long> oddPackets,
    long eventsLost,
    long eventsSampledOut) {
  /** Copies the map. */
  public FilterTotals {
    oddPackets = Map.copyOf(oddPackets);
  }
}
