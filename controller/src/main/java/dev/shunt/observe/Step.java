package dev.shunt.observe;

import java.util.List;

/**
 * How far a connection has come. Numbers are those of {@code enum step} in layout.h; steps only
 * grow, but for {@link #LEFT} to {@link #ADOPTED} after a mode change.
 */
public enum Step {
  /** The node knows nothing of the other end. */
  UNPAIRED(0),
  /** A nonce was sent and not answered yet. */
  PENDING(1),
  /** Both ends are known to each other. */
  PAIRED(2),
  /** This socket is a member of the SOCKHASH. */
  ADOPTED(3),
  /** This socket has redirected at least one message. */
  JOINED(4),
  /** All messages go by TCP; still a member. */
  LEAVING(5),
  /** Removed from the SOCKHASH; plain TCP again. */
  LEFT(6);

  private static final List<Step> BY_NUMBER = List.of(values());

  private final int number;

  Step(int number) {
    this.number = number;
  }

  /**
   * The step of a number.
   *
   * @throws IllegalArgumentException for a number that is none: the layout versions differ
   */
  public static Step of(int number) {
    if (number < 0 || number >= BY_NUMBER.size()) {
      throw new IllegalArgumentException(
          "step: " + number + " (expected: 0.." + (BY_NUMBER.size() - 1) + ")");
    }
    return BY_NUMBER.get(number);
  }

  /** The number in {@code enum step in layout.h}. */
  public int number() {
    return number;
  }

  /** True while the socket is in the SOCKHASH. */
  public boolean member() {
    return this == ADOPTED || this == JOINED || this == LEAVING;
  }
}
