package dev.shunt.datapath.layout;

import java.nio.ByteBuffer;
import java.util.BitSet;

/** Values of the connect rules' maps. Stateless. */
public final class ConnectRows {
  /** {@code CONNECT_RULES_MAX}. */
  public static final int RULES_MAX = 1024;

  /** {@code CONNECT_ALLOW}. */
  public static final int ALLOW = 0;

  /** {@code CONNECT_DENY}. */
  public static final int DENY = 1;

  /** {@code CONNECT_MONITOR}. */
  public static final int MONITOR = 2;

  /** {@code CONNECT_LOOK_EXECUTABLE}. */
  public static final int LOOK_EXECUTABLE = 1;

  /** {@code CONNECT_LOOK_CGROUP}. */
  public static final int LOOK_CGROUP = 2;

  /** {@code CONNECT_LOOK_NETNS}. */
  public static final int LOOK_NETNS = 4;

  /** {@code struct connect_bits}. */
  public static final StructLayout BITS =
      StructLayout.of("connect_bits").u64Array("words", RULES_MAX / Long.SIZE).build();

  /** {@code struct connect_config}. */
  public static final StructLayout CONFIG =
      StructLayout.of("connect_config").u32("generation", "rung", "watched", "lsm_probe").build();

  /** {@code struct connect_set}. */
  public static final StructLayout SET =
      StructLayout.of("connect_set").structs("enforced", BITS, 1).u32("looks", "pad").build();

  /** {@code struct connect_rule}. */
  public static final StructLayout RULE =
      StructLayout.of("connect_rule").u64("id").u32("verdict", "pad").build();

  private ConnectRows() {}

  /** Rules as bits. */
  public static ByteBuffer bits(BitSet rules) {
    ByteBuffer row = BITS.allocate();
    write(row, 0, rules);
    return row;
  }

  private static void write(ByteBuffer row, int base, BitSet rules) {
    long[] words = rules.toLongArray();
    for (int i = 0; i < words.length; i++) {
      row.putLong(base + i * Long.BYTES, words[i]);
    }
  }

  /** The head of a set. */
  public static ByteBuffer set(BitSet enforced, int looks) {
    ByteBuffer row = SET.allocate();
    write(row, SET.offset("enforced"), enforced);
    return row.putInt(SET.offset("looks"), looks);
  }

  /** A rule. */
  public static ByteBuffer rule(long id, int verdict) {
    ByteBuffer row = RULE.allocate();
    row.putLong(RULE.offset("id"), id);
    return row.putInt(RULE.offset("verdict"), verdict);
  }
}
