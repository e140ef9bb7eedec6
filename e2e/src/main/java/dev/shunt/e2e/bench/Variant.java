package dev.shunt.e2e.bench;

/**
 * One way for a cell's bytes to travel. Immutable.
 *
 * @param kind what it is
 * @param name as results show it: lower-case, unique in a run
 */
public record Variant(Kind kind, String name) {
  /** TCP without any program of Shunt on it: what all others are measured against. */
  public static final Variant PLAIN = new Variant(Kind.PLAIN, "plain");

  /** Accelerated by a node of this build. */
  public static final Variant SHUNT = new Variant(Kind.SHUNT, "shunt");

  /** Watched by a node in mode observe: what pairing and counting cost. */
  public static final Variant OBSERVE = new Variant(Kind.OBSERVE, "observe");

  /** A Unix stream socket, which no TCP connection can beat: a bound. */
  public static final Variant UNIX = new Variant(Kind.UNIX, "unix");

  /** What a variant is. */
  public enum Kind {
    PLAIN,
    SHUNT,
    OBSERVE,
    UNIX,
    /** Programs that the user named with --compare. */
    THIRD_PARTY
  }

  @Override
  public String toString() {
    return name;
  }
}
