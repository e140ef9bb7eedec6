package dev.shunt.desired;

import java.util.Locale;

/** What the node does with an endpoint's connections, ordered by how much it does. Immutable. */
public enum Mode {
  /** Plain TCP; connections are not even paired. */
  OFF,
  /** Pair and count, move nothing. */
  OBSERVE,
  /** Redirect messages of suitable connections. */
  ACCELERATE;

  /** The lower of two modes. */
  public Mode min(Mode other) {
    return compareTo(other) <= 0 ? this : other;
  }

  /** As policies and the command line spell it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
