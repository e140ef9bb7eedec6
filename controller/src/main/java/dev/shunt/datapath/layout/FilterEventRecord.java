package dev.shunt.datapath.layout;

import java.nio.ByteBuffer;

/** One record of the denial ring. {@code struct filter_event}. Valid as long as its buffer. */
public final class FilterEventRecord {
  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("filter_event")
          .u64("time_ns")
          .u64Array("source_be", 2)
          .u64Array("destination_be", 2)
          .structs("point", FilterPoint.LAYOUT, 1)
          .u32("slot", "reason", "bytes", "monitor")
          .u16("source_port", "destination_port")
          .u8("protocol", "fragment", "family", "flags")
          .build();

  private final ByteBuffer bytes;

  /** Reads from a record of the ring. */
  public FilterEventRecord(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /** CLOCK_MONOTONIC. */
  public long timeNanos() {
    return LAYOUT.u64(bytes, 0, "time_ns");
  }

  /** Where it was seen. */
  public FilterPoint point() {
    return FilterPoint.read(bytes, LAYOUT.offset("point"));
  }

  /** A 32-bit field by its C name. */
  public int u32(String field) {
    return LAYOUT.u32(bytes, 0, field);
  }

  /** {@code source_port} or {@code destination_port}. */
  public int port(String field) {
    return LAYOUT.u16(bytes, 0, field);
  }

  /** An 8-bit field by its C name. */
  public int u8(String field) {
    return Byte.toUnsignedInt(bytes.get(LAYOUT.offset(field)));
  }

  /** The 16 bytes of {@code source_be} or {@code destination_be}, IPv4 as v4-mapped. */
  public byte[] address(String field) {
    byte[] raw = new byte[2 * Long.BYTES];
    bytes.get(LAYOUT.offset(field), raw);
    return raw;
  }
}
