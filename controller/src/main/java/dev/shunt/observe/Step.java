package dev.shunt.observe;

/**
 * How far a connection has come. Ordinals are those of {@code enum step} in layout.h; steps only
 * grow, but for {@link #LEFT} to {@link #ADOPTED} after a mode change.
 */
public enum Step {
  /** The node knows nothing of the other end. */
  UNPAIRED,
  /** A nonce was sent and not answered yet. */
  PENDING,
  /** Both ends are known to each other. */
  PAIRED,
  /** This socket is a member of the SOCKHASH. */
  ADOPTED,
  /** This socket has redirected at least one message. */
  JOINED,
  /** All messages go by TCP; still a member. */
  LEAVING,
  /** Removed from the SOCKHASH; plain TCP again. */
  LEFT;

  /**
   * The step of a number in layout.h.
   *
   * @param number 0..6
   * @throws IllegalArgumentException for any other number: the layout versions differ
   */
  public static Step of(int number) {
    if (number < 0 || number >= values().length) {
      throw new IllegalArgumentException("step: " + number + " (expected: 0..6)");
    }
    return values()[number];
  }

  /** True while the socket is in the SOCKHASH. */
  public boolean member() {
    return this == ADOPTED || this == JOINED || this == LEAVING;
  }
}
