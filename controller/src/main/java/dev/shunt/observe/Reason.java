package dev.shunt.observe;

import java.util.List;
import java.util.Locale;

/**
 * Why a connection, or a message of an accelerated connection, goes by TCP. Numbers are those of
 * {@code enum reason} in reasons.h and of the proto enum {@code Reason}; a test compares all three.
 */
public enum Reason {
  NONE(0),
  REMOTE_PEER(1),
  POLICY_OFF(2),
  OBSERVE_MODE(3),
  PORT_EXCLUDED(4),
  PATH_EXCLUDED(5),
  UNPAIRED(6),
  SEQUENCE_MISMATCH(7),
  TOO_YOUNG(8),
  BLOCKING_READER(9),
  LOW_WATER_MARK(10),
  SOCKET_OPTION(11),
  WORKLOAD_TRAIT(12),
  EXEMPT_EXECUTABLE(13),
  SMALL_WRITES(14),
  ULP(15),
  MPTCP(16),
  SELF_TEST_FAILED(17),
  MAP_FULL(18),
  BUSY(19),
  RECONNECT(20),
  NO_HOOK(21),
  KERNEL_REFUSED(22),
  PEER_NOT_SUITABLE(23),
  NOT_JOINED(24),
  NOT_DRAINED(25),
  RECEIVER_BUSY(26),
  BACK_PRESSURE(27),
  CONNTRACK_REFRESH(28),
  PEER_GONE(29),
  DRAINING(30),
  ONE_REQUEST(31);

  private static final List<Reason> BY_NUMBER = List.of(values());

  private final int number;

  Reason(int number) {
    this.number = number;
  }

  /**
   * The reason of a number.
   *
   * @throws IllegalArgumentException for a number that is none: the layout versions differ
   */
  public static Reason of(int number) {
    if (number < 0 || number >= BY_NUMBER.size()) {
      throw new IllegalArgumentException(
          "reason: " + number + " (expected: 0.." + (BY_NUMBER.size() - 1) + ")");
    }
    return BY_NUMBER.get(number);
  }

  /** The number in {@code enum reason in reasons.h}. */
  public int number() {
    return number;
  }

  /** The name in lower case with underscores, as in JSON and metric labels: {@code too_young}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
