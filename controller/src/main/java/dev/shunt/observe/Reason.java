package dev.shunt.observe;

/**
 * Why a connection, or a message of an accelerated connection, goes by TCP. Numbers are those of
 * {@code enum reason} in reasons.h and of the proto enum {@code Reason}; a test compares all three.
 */
public enum Reason {
  NONE,
  REMOTE_PEER,
  POLICY_OFF,
  OBSERVE_MODE,
  PORT_EXCLUDED,
  PATH_EXCLUDED,
  UNPAIRED,
  SEQUENCE_MISMATCH,
  TOO_YOUNG,
  BLOCKING_READER,
  LOW_WATER_MARK,
  SOCKET_OPTION,
  WORKLOAD_TRAIT,
  EXEMPT_EXECUTABLE,
  SMALL_WRITES,
  ULP,
  MPTCP,
  SELF_TEST_FAILED,
  MAP_FULL,
  BUSY,
  RECONNECT,
  NO_HOOK,
  KERNEL_REFUSED,
  PEER_NOT_SUITABLE,
  NOT_JOINED,
  NOT_DRAINED,
  RECEIVER_BUSY,
  BACK_PRESSURE,
  CONNTRACK_REFRESH,
  PEER_GONE,
  DRAINING;

  /**
   * The reason of a number in reasons.h.
   *
   * @param number 0..30
   * @throws IllegalArgumentException for any other number: the layout versions differ
   */
  public static Reason of(int number) {
    if (number < 0 || number >= values().length) {
      throw new IllegalArgumentException("reason: " + number + " (expected: 0..30)");
    }
    return values()[number];
  }

  /** The number in reasons.h. */
  public int number() {
    return ordinal();
  }

  /** The name in lower case with underscores, as in JSON and metric labels: {@code too_young}. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
