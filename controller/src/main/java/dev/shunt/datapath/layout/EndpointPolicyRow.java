package dev.shunt.datapath.layout;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Policy of one endpoint. {@code struct endpoint_policy}.
 *
 * @param mode {@code enum mode}: 0 off, 1 observe, 2 accelerate
 * @param flags {@code enum endpoint_flag}, or-ed
 * @param include ports, meaningful with {@link #PORTS_INCLUDE}; at most {@link #PORT_RANGES_MAX}
 * @param exclude ports; at most {@link #PORT_RANGES_MAX}
 */
public record EndpointPolicyRow(
    int mode, int flags, List<PortRange> include, List<PortRange> exclude) {
  /** {@code MODE_OFF}. */
  public static final int MODE_OFF = 0;

  /** {@code MODE_OBSERVE}. */
  public static final int MODE_OBSERVE = 1;

  /** {@code MODE_ACCELERATE}. */
  public static final int MODE_ACCELERATE = 2;

  /** {@code ENDPOINT_SAME_POD}. */
  public static final int SAME_POD = 1;

  /** {@code ENDPOINT_SAME_NODE}. */
  public static final int SAME_NODE = 2;

  /** {@code ENDPOINT_PORTS_INCLUDE}. */
  public static final int PORTS_INCLUDE = 4;

  /** {@code PORT_RANGES_MAX}. */
  public static final int PORT_RANGES_MAX = 16;

  /**
   * Ports from first to last, both included. {@code struct port_range}.
   *
   * @param first 1..65535
   * @param last first..65535
   */
  public record PortRange(int first, int last) {
    /** Field table. */
    public static final StructLayout LAYOUT =
        StructLayout.of("port_range").u16("first", "last").build();
  }

  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("endpoint_policy")
          .u32("mode", "flags", "include_count", "exclude_count")
          .structs("include", PortRange.LAYOUT, PORT_RANGES_MAX)
          .structs("exclude", PortRange.LAYOUT, PORT_RANGES_MAX)
          .build();

  /** Copies the lists and checks their bound. */
  public EndpointPolicyRow {
    include = checked("include", include);
    exclude = checked("exclude", exclude);
  }

  private static List<PortRange> checked(String what, List<PortRange> ranges) {
    if (ranges.size() > PORT_RANGES_MAX) {
      throw new IllegalArgumentException(
          what + " ports: " + ranges.size() + " ranges (expected: 0.." + PORT_RANGES_MAX + ")");
    }
    return List.copyOf(ranges);
  }

  /** The row as a map value. */
  public ByteBuffer encode() {
    ByteBuffer bytes = LAYOUT.allocate();
    bytes.putInt(LAYOUT.offset("mode"), mode);
    bytes.putInt(LAYOUT.offset("flags"), flags);
    bytes.putInt(LAYOUT.offset("include_count"), include.size());
    bytes.putInt(LAYOUT.offset("exclude_count"), exclude.size());
    writeRanges(bytes, LAYOUT.offset("include"), include);
    writeRanges(bytes, LAYOUT.offset("exclude"), exclude);
    return bytes;
  }

  /** Reads a map value. */
  public static EndpointPolicyRow decode(ByteBuffer bytes) {
    return new EndpointPolicyRow(
        LAYOUT.u32(bytes, 0, "mode"),
        LAYOUT.u32(bytes, 0, "flags"),
        readRanges(bytes, "include"),
        readRanges(bytes, "exclude"));
  }

  private static void writeRanges(ByteBuffer bytes, int at, List<PortRange> ranges) {
    int position = at;
    for (PortRange range : ranges) {
      bytes.putShort(position, (short) range.first());
      bytes.putShort(position + Short.BYTES, (short) range.last());
      position += PortRange.LAYOUT.size();
    }
  }

  private static List<PortRange> readRanges(ByteBuffer bytes, String field) {
    int count = Math.min(PORT_RANGES_MAX, LAYOUT.u32(bytes, 0, field + "_count"));
    List<PortRange> ranges = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int base = LAYOUT.offset(field) + i * PortRange.LAYOUT.size();
      ranges.add(
          new PortRange(
              PortRange.LAYOUT.u16(bytes, base, "first"),
              PortRange.LAYOUT.u16(bytes, base, "last")));
    }
    return ranges;
  }
}
