package dev.shunt.datapath.layout;

import java.nio.ByteBuffer;

/**
 * Sums over all connect rules. {@code struct connect_totals}.
 *
 * @param attempts judged
 * @param denied refused with EPERM
 * @param monitored would have been refused
 * @param unmatched no rule matched
 * @param incomplete allowed because a row was missing
 * @param eventsLost ring full
 * @param eventsSampled left out of the ring: too many in a second
 */
public record ConnectTotals(
    long attempts,
    long denied,
    long monitored,
    long unmatched,
    long incomplete,
    long eventsLost,
    long eventsSampled) {
  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("connect_totals")
          .u64("attempts", "denied", "monitored", "unmatched", "incomplete")
          .u64("events_lost", "events_sampled")
          .build();

  /** Nothing counted. */
  public static final ConnectTotals NONE = new ConnectTotals(0, 0, 0, 0, 0, 0, 0);

  /** The sum of this and the struct that begins at {@code base}. */
  public ConnectTotals plus(ByteBuffer bytes, int base) {
    return new ConnectTotals(
        attempts + LAYOUT.u64(bytes, base, "attempts"),
        denied + LAYOUT.u64(bytes, base, "denied"),
        monitored + LAYOUT.u64(bytes, base, "monitored"),
        unmatched + LAYOUT.u64(bytes, base, "unmatched"),
        incomplete + LAYOUT.u64(bytes, base, "incomplete"),
        eventsLost + LAYOUT.u64(bytes, base, "events_lost"),
        eventsSampled + LAYOUT.u64(bytes, base, "events_sampled"));
  }
}
