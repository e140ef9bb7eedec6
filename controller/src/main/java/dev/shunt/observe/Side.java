package dev.shunt.observe;

import java.util.List;

/** Which end of a connection a socket is. Numbers are those of {@code enum side} in layout.h. */
public enum Side {
  /** The end that called connect(). */
  ACTIVE(0),
  /** The end that was accepted. */
  PASSIVE(1);

  private static final List<Side> BY_NUMBER = List.of(values());

  private final int number;

  Side(int number) {
    this.number = number;
  }

  /**
   * The side of a number.
   *
   * @throws IllegalArgumentException for a number that is none: the layout versions differ
   */
  public static Side of(int number) {
    if (number < 0 || number >= BY_NUMBER.size()) {
      throw new IllegalArgumentException(
          "side: " + number + " (expected: 0.." + (BY_NUMBER.size() - 1) + ")");
    }
    return BY_NUMBER.get(number);
  }

  /** The number in {@code enum side in layout.h}. */
  public int number() {
    return number;
  }
}
