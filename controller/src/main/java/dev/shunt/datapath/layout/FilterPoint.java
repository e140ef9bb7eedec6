package dev.shunt.datapath.layout;

import java.nio.ByteBuffer;

/**
 * Where a filter program is attached. {@code struct filter_point}.
 *
 * @param ifindex of the interface, in the node's network namespace
 * @param hook {@link #XDP}, {@link #TC_INGRESS} or {@link #TC_EGRESS}
 */
public record FilterPoint(int ifindex, int hook) {
  /** {@code FILTER_XDP}. */
  public static final int XDP = 0;

  /** {@code FILTER_TC_INGRESS}. */
  public static final int TC_INGRESS = 1;

  /** {@code FILTER_TC_EGRESS}. */
  public static final int TC_EGRESS = 2;

  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("filter_point").u32("ifindex", "hook").build();

  /** As a map key. */
  public ByteBuffer encode() {
    return LAYOUT.allocate().putInt(0, ifindex).putInt(Integer.BYTES, hook);
  }

  /** Reads the struct at an offset. */
  public static FilterPoint read(ByteBuffer bytes, int base) {
    return new FilterPoint(LAYOUT.u32(bytes, base, "ifindex"), LAYOUT.u32(bytes, base, "hook"));
  }
}
