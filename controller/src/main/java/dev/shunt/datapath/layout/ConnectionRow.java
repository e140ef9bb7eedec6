package dev.shunt.datapath.layout;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * One TCP socket as the iterator saw it. {@code struct connection_row}; the numbers of step, reason
 * and side are those of layout.h and reasons.h.
 */
public final class ConnectionRow {
  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("connection_row")
          .u64("cookie", "netns_cookie", "nonce", "peer_cookie", "age_ns")
          .structs("workload", Workload.LAYOUT, 1)
          .u64("messages_redirected", "bytes_redirected", "messages_passed", "bytes_passed")
          .u64("bytes_acked")
          .structs("local", Address.LAYOUT, 1)
          .structs("remote", Address.LAYOUT, 1)
          .u16("local_port", "remote_port", "tcp_state", "side")
          .u32("step", "reason", "last_pass_reason", "endpoint", "errno_value", "turns")
          .build();

  private final ByteBuffer bytes;

  /** Reads from a buffer that the caller does not reuse while this row is read. */
  public ConnectionRow(ByteBuffer bytes) {
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
    return u16(field);
  }

  /** A 16-bit field by its C name. */
  public int u16(String field) {
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
