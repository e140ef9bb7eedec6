package dev.shunt.datapath.layout;

import java.nio.ByteBuffer;

/**
 * Learned or configured properties of a workload. {@code struct trait_state}.
 *
 * @param traits {@code enum trait}, or-ed
 * @param firstSeenNanos CLOCK_MONOTONIC; 0: configured
 * @param lastSeenNanos CLOCK_MONOTONIC
 */
public record TraitState(int traits, long firstSeenNanos, long lastSeenNanos) {
  /** {@code TRAIT_SPLICE}. */
  public static final int SPLICE = 1;

  /** {@code TRAIT_FIONREAD}. */
  public static final int FIONREAD = 2;

  /** {@code TRAIT_EXEMPT}. */
  public static final int EXEMPT = 4;

  /** {@code TRAIT_FORCE}. */
  public static final int FORCE = 8;

  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("trait_state")
          .u32("traits", "pad")
          .u64("first_seen_ns", "last_seen_ns")
          .build();

  /** The row as a map value. */
  public ByteBuffer encode() {
    ByteBuffer bytes = LAYOUT.allocate();
    bytes.putInt(LAYOUT.offset("traits"), traits);
    bytes.putLong(LAYOUT.offset("first_seen_ns"), firstSeenNanos);
    bytes.putLong(LAYOUT.offset("last_seen_ns"), lastSeenNanos);
    return bytes;
  }

  /** Reads a map value. */
  public static TraitState decode(ByteBuffer bytes) {
    return new TraitState(
        LAYOUT.u32(bytes, 0, "traits"),
        LAYOUT.u64(bytes, 0, "first_seen_ns"),
        LAYOUT.u64(bytes, 0, "last_seen_ns"));
  }
}
