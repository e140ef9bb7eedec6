package dev.shunt.observe;

import java.util.List;

/** Kinds of events. Numbers are those of {@code enum event_type} in layout.h. */
public enum EventType {
  /** A connection was paired. */
  OPEN(0),
  /** A socket became a member of the SOCKHASH. */
  ADOPT(1),
  /** The first message of a direction was redirected. */
  JOIN(2),
  /** A redirecting direction went back to TCP. */
  SPILL(3),
  /** A paired socket closed. */
  CLOSE(4),
  /** A workload trait was learned. */
  TRAIT(5),
  /** The kernel refused an adoption. */
  REFUSE(6),
  /** An endpoint stands down: acceleration did it no good. Told by the controller. */
  STAND_DOWN(7),
  /** An endpoint that stood down is accelerated again. Told by the controller. */
  RESUME(8),
  /** Somebody else came to a hook that the node uses. Told by the controller. */
  NEIGHBOUR(9),
  /** Somebody else left such a hook. Told by the controller. */
  NEIGHBOUR_GONE(10);

  private static final List<EventType> BY_NUMBER = List.of(values());

  private final int number;

  EventType(int number) {
    this.number = number;
  }

  /**
   * The event type of a number.
   *
   * @throws IllegalArgumentException for a number that is none: the layout versions differ
   */
  public static EventType of(int number) {
    if (number < 0 || number >= BY_NUMBER.size()) {
      throw new IllegalArgumentException(
          "event type: " + number + " (expected: 0.." + (BY_NUMBER.size() - 1) + ")");
    }
    return BY_NUMBER.get(number);
  }

  /** The number in {@code enum event_type in layout.h}. */
  public int number() {
    return number;
  }
}
