package dev.shunt.datapath.layout;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/** One record of the event ring. {@code struct event}. Valid as long as the buffer behind it. */
public final class EventRecord {
  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("event")
          .u64("time_ns", "nonce", "cookie", "netns_cookie")
          .structs("workload", Workload.LAYOUT, 1)
          .u64("bytes_redirected", "bytes_passed")
          .structs("local", Address.LAYOUT, 1)
          .structs("remote", Address.LAYOUT, 1)
          .u16("local_port", "remote_port")
          .u32("type", "reason", "side", "endpoint", "errno_value", "traits", "pad")
          .build();

  private final ByteBuffer bytes;

  /** Reads from a record of the ring. */
  public EventRecord(ByteBuffer bytes) {
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

  /** {@code local_port} or {@code remote_port}. */
  public int port(String field) {
    return LAYOUT.u16(bytes, bytes.position(), field);
  }

  /** {@code local} or {@code remote}. */
  public InetAddress address(String field) {
    return Address.read(bytes, bytes.position() + LAYOUT.offset(field));
  }

  /** Whose socket it is. */
  public Workload workload() {
    return Workload.read(bytes, bytes.position() + LAYOUT.offset("workload"));
  }
}
