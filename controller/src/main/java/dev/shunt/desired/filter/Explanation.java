package dev.shunt.desired.filter;

import java.util.List;
import java.util.Optional;

/**
 * Why a packet is allowed or not.
 *
 * @param decided the enforcing rule that decides; empty: none matches, allowed
 * @param monitored the monitoring rule that would have decided; empty when none comes first
 * @param failSafe whether only rules that cannot lock anybody out were asked
 * @param passedOver one line per rule before the one that decides, saying what does not match
 */
public record Explanation(
    Optional<PointRule> decided,
    Optional<PointRule> monitored,
    Protection failSafe,
    List<String> passedOver) {
  /** Whether the packet is one of a fail-safe port. */
  public enum Protection {
    /** It is. */
    FAIL_SAFE,
    /** It is not. */
    NONE
  }

  /** Copies the list. */
  public Explanation {
    passedOver = List.copyOf(passedOver);
  }

  /** What happens to the packet; a rate limit decides by its tokens. */
  public FilterAction.Kind action() {
    return decided.map(rule -> rule.rule().action().kind()).orElse(FilterAction.Kind.ALLOW);
  }
}
