package dev.shunt.desired.filter;

/**
 * Which pieces of a datagram a rule is about. A later fragment carries no ports and no ICMP type: a
 * rule with such a condition never matches it. Immutable.
 */
public enum FragmentMatch {
  /** Whole packets and fragments. */
  ANY,
  /** Whole packets only. */
  WHOLE,
  /** First and later fragments. */
  FRAGMENTS,
  /** Later fragments only. */
  LATER;

  /** Whether a piece is one of these. */
  public boolean matches(FragmentKind kind) {
    return switch (this) {
      case ANY -> true;
      case WHOLE -> kind == FragmentKind.WHOLE;
      case FRAGMENTS -> kind != FragmentKind.WHOLE;
      case LATER -> kind == FragmentKind.LATER;
    };
  }
}
