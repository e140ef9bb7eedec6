package dev.shunt.datapath.layout;

import java.nio.ByteBuffer;

/**
 * Counters of one slot. {@code struct filter_counters}.
 *
 * @param packets that the rule decided, or would have
 * @param bytes of those
 * @param deniedPackets dropped, or would have been
 * @param deniedBytes of those
 */
public record FilterHits(long packets, long bytes, long deniedPackets, long deniedBytes) {
  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("filter_counters")
          .u64("packets", "bytes", "denied_packets", "denied_bytes")
          .build();

  /** Nothing counted. */
  public static final FilterHits NONE = new FilterHits(0, 0, 0, 0);

  /** The sum of this and the struct at the start of a buffer. */
  public FilterHits plus(ByteBuffer row) {
    return new FilterHits(
        packets + LAYOUT.u64(row, 0, "packets"),
        bytes + LAYOUT.u64(row, 0, "bytes"),
        deniedPackets + LAYOUT.u64(row, 0, "denied_packets"),
        deniedBytes + LAYOUT.u64(row, 0, "denied_bytes"));
  }
}
