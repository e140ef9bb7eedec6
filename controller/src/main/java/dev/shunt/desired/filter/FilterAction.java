package dev.shunt.desired.filter;

import java.util.Optional;

/**
 * What a rule does with the packets that it decides.
 *
 * @param kind of action
 * @param limit of {@link Kind#RATE_LIMIT}; empty for the others
 */
public record FilterAction(Kind kind, Optional<RateLimit> limit) {
  /** Kinds of action. */
  public enum Kind {
    /** The packet goes on; later rules are not asked. */
    ALLOW,
    /** The packet is dropped. */
    DENY,
    /** Allowed while there are tokens, dropped otherwise. */
    RATE_LIMIT
  }

  /** The packet goes on. */
  public static final FilterAction ALLOW = new FilterAction(Kind.ALLOW, Optional.empty());

  /** The packet is dropped. */
  public static final FilterAction DENY = new FilterAction(Kind.DENY, Optional.empty());

  /** Checks that exactly a rate limit has one. */
  public FilterAction {
    if (limit.isPresent() != (kind == Kind.RATE_LIMIT)) {
      throw new IllegalArgumentException("limit: " + limit + " with action " + kind);
    }
  }

  /** Allowed while there are tokens. */
  public static FilterAction rateLimit(RateLimit limit) {
    return new FilterAction(Kind.RATE_LIMIT, Optional.of(limit));
  }
}
