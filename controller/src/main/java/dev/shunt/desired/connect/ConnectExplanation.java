package dev.shunt.desired.connect;

import java.util.List;
import java.util.Optional;

/**
 * Why an attempt is allowed or not.
 *
 * @param decided the enforcing rule that decides; empty: none matches, allowed
 * @param monitored the monitoring rule that would have decided; empty when none comes first
 * @param passedOver one line per rule before the one that decides, saying what does not match
 */
public record ConnectExplanation(
    Optional<PlacedRule> decided, Optional<PlacedRule> monitored, List<String> passedOver) {
  /** Copies the list. */
  public ConnectExplanation {
    passedOver = List.copyOf(passedOver);
  }

  /** What happens to the attempt. */
  public ConnectAction action() {
    return decided.map(rule -> rule.rule().action()).orElse(ConnectAction.ALLOW);
  }
}
