package dev.shunt.datapath.layout;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/** A piece of a message. {@code struct tap_record}. Valid as long as the buffer behind it. */
public final class TapRecord {
  /** Field table of {@code struct tap_end}. */
  public static final StructLayout END =
      StructLayout.of("tap_end")
          .u64("cookie", "netns_cookie")
          .structs("local", Address.LAYOUT, 1)
          .structs("remote", Address.LAYOUT, 1)
          .u16("local_port", "remote_port")
          .u32("pad")
          .build();

  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("tap_record")
          .u64("time_ns", "nonce", "lost_messages")
          .u32("sequence", "message_bytes", "offset_bytes", "piece_bytes", "captured_bytes")
          .u32("side", "reason", "endpoint")
          .structs("end", END, 2)
          .build();

  private final ByteBuffer bytes;

  /** Reads from a record of the ring. */
  public TapRecord(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /** A 64-bit field by its C name. */
  public long u64(String field) {
    return LAYOUT.u64(bytes, bytes.position(), field);
  }

  /** A 32-bit field by its C name. */
  public int u32(String field) {
    return LAYOUT.u32(bytes, bytes.position(), field);
  }

  /** The payload that was captured, as a view. */
  public ByteBuffer payload() {
    return bytes.slice(bytes.position() + LAYOUT.size(), u32("captured_bytes"));
  }

  /** One end, by the number of its side. */
  public End end(int side) {
    return new End(bytes, bytes.position() + LAYOUT.offset("end") + side * END.size());
  }

  /**
   * A connection as one end sees it; all is 0 where that end was gone. Valid as long as the record.
   *
   * @param bytes that hold it
   * @param base where it begins
   */
  public record End(ByteBuffer bytes, int base) {
    /** {@code cookie} or {@code netns_cookie}. */
    public long u64(String field) {
      return END.u64(bytes, base, field);
    }

    /** {@code local_port} or {@code remote_port}. */
    public int port(String field) {
      return END.u16(bytes, base, field);
    }

    /** {@code local} or {@code remote}. */
    public InetAddress address(String field) {
      return Address.read(bytes, base + END.offset(field));
    }
  }
}
