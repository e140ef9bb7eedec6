package dev.shunt.datapath.layout;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * An attempt that was refused or would have been. {@code struct connect_denial}.
 *
 * @param timeNanos CLOCK_MONOTONIC
 * @param ruleId which rule
 * @param netnsCookie of the caller's socket
 * @param workload the caller
 * @param remote where to
 * @param facts the rest
 */
public record ConnectDenial(
    long timeNanos,
    long ruleId,
    long netnsCookie,
    Workload workload,
    InetAddress remote,
    Facts facts) {
  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("connect_denial")
          .u64("time_ns", "rule_id", "netns_cookie")
          .structs("workload", Workload.LAYOUT, 1)
          .structs("remote", Address.LAYOUT, 1)
          .u16("remote_port", "protocol")
          .u32("verdict", "call", "pid")
          .u32Array("comm", 4)
          .build();

  private static final int COMM_BYTES = 16;

  /**
   * Numbers and the name of the process.
   *
   * @param port destination port
   * @param protocol IANA number
   * @param verdict {@link ConnectRows#DENY} or {@link ConnectRows#MONITOR}
   * @param call {@code enum connect_call}
   * @param pid process id
   * @param command at most 15 characters
   */
  public record Facts(int port, int protocol, int verdict, int call, int pid, String command) {}

  /** Reads a record of the ring. */
  public static ConnectDenial read(ByteBuffer bytes) {
    byte[] comm = new byte[COMM_BYTES];
    bytes.get(LAYOUT.offset("comm"), comm);
    int length = 0;
    while (length < COMM_BYTES && comm[length] != 0) {
      length++;
    }
    return new ConnectDenial(
        LAYOUT.u64(bytes, 0, "time_ns"),
        LAYOUT.u64(bytes, 0, "rule_id"),
        LAYOUT.u64(bytes, 0, "netns_cookie"),
        Workload.read(bytes, LAYOUT.offset("workload")),
        Address.read(bytes, LAYOUT.offset("remote")),
        new Facts(
            LAYOUT.u16(bytes, 0, "remote_port"),
            LAYOUT.u16(bytes, 0, "protocol"),
            LAYOUT.u32(bytes, 0, "verdict"),
            LAYOUT.u32(bytes, 0, "call"),
            LAYOUT.u32(bytes, 0, "pid"),
            new String(comm, 0, length, StandardCharsets.UTF_8)));
  }
}
