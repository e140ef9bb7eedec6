package dev.shunt.datapath.layout;

import java.nio.ByteBuffer;

/**
 * Counters of the packet filters that belong to no rule. {@code struct filter_totals}.
 *
 * @param packets judged
 * @param unmatched allowed because no rule matched
 * @param eventsLost ring full
 * @param eventsSampledOut the slot had an event a moment ago
 * @param sourcesFailed no room for the bucket of a source
 * @param setsBroken a rule set contradicts itself
 */
public record FilterTotalsRow(
    long packets,
    long unmatched,
    long eventsLost,
    long eventsSampledOut,
    long sourcesFailed,
    long setsBroken) {
  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("filter_totals")
          .u64("packets", "unmatched", "events_lost")
          .u64("events_sampled_out", "sources_failed", "sets_broken")
          .build();

  /** Nothing counted. */
  public static final FilterTotalsRow NONE = new FilterTotalsRow(0, 0, 0, 0, 0, 0);

  /** The sum of this and the struct at the start of a buffer. */
  public FilterTotalsRow plus(ByteBuffer row) {
    return new FilterTotalsRow(
        packets + LAYOUT.u64(row, 0, "packets"),
        unmatched + LAYOUT.u64(row, 0, "unmatched"),
        eventsLost + LAYOUT.u64(row, 0, "events_lost"),
        eventsSampledOut + LAYOUT.u64(row, 0, "events_sampled_out"),
        sourcesFailed + LAYOUT.u64(row, 0, "sources_failed"),
        setsBroken + LAYOUT.u64(row, 0, "sets_broken"));
  }
}
