package dev.shunt.datapath.layout;

import java.nio.ByteBuffer;

/**
 * What the controller reads of a pair. {@code struct pair}.
 *
 * @param nonce key
 * @param createdNanos CLOCK_MONOTONIC
 * @param consumed {@code enum nonce_use}; 2: both ends know each other
 * @param activeMember whether the active end is in the SOCKHASH
 * @param passiveMember whether the passive end is in the SOCKHASH
 */
public record PairRow(
    long nonce, long createdNanos, int consumed, boolean activeMember, boolean passiveMember) {
  /** Field table of {@code struct pair_end}. */
  public static final StructLayout END =
      StructLayout.of("pair_end")
          .u64("sk", "cookie", "netns_cookie")
          .structs("workload", Workload.LAYOUT, 1)
          .u32("endpoint", "first_sent_seq", "first_received_seq", "step", "reason")
          .u32("adopted_seq", "turns", "messages", "errno_value", "pad")
          .u64("last_redirect_ns")
          .build();

  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("pair")
          .u64("nonce", "created_ns", "leaving_ns")
          .u32("consumed", "leaving_reason")
          .u32Array("pad", 6)
          .structs("end", END, 2)
          .build();

  /** {@code NONCE_CONSUMED}. */
  public static final int CONSUMED = 2;

  private static final int STEP_ADOPTED = 3;
  private static final int STEP_LEAVING = 5;

  /** Reads a map value. */
  public static PairRow decode(ByteBuffer bytes) {
    int ends = LAYOUT.offset("end");
    return new PairRow(
        LAYOUT.u64(bytes, 0, "nonce"),
        LAYOUT.u64(bytes, 0, "created_ns"),
        LAYOUT.u32(bytes, 0, "consumed"),
        isMember(bytes, ends),
        isMember(bytes, ends + END.size()));
  }

  /** Of a map value: the namespace of the active end, by its cookie; 0: it is not known yet. */
  public static long activeNetns(ByteBuffer bytes) {
    return END.u64(bytes, LAYOUT.offset("end"), "netns_cookie");
  }

  /** Of a map value: that of the passive end. */
  public static long passiveNetns(ByteBuffer bytes) {
    return END.u64(bytes, LAYOUT.offset("end") + END.size(), "netns_cookie");
  }

  private static boolean isMember(ByteBuffer bytes, int base) {
    int step = END.u32(bytes, base, "step");
    return step >= STEP_ADOPTED && step <= STEP_LEAVING;
  }

  /** How many of its two ends are in the SOCKHASH. */
  public int members() {
    return (activeMember ? 1 : 0) + (passiveMember ? 1 : 0);
  }
}
