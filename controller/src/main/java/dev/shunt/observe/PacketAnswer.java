package dev.shunt.observe;

import java.util.List;
import java.util.Optional;

/**
 * Which rule decides, and why. Immutable.
 *
 * @param action what happens
 * @param rule that decides; empty: none matches
 * @param monitored rule that would have decided; empty: none comes first
 * @param passedOver why rules before it do not decide, one line each
 * @param live what the program does; empty: it was not asked
 */
public record PacketAnswer(
    FilterStatus.Action action,
    String rule,
    String monitored,
    List<String> passedOver,
    Optional<FilterStatus.Action> live) {
  /** Copies the list. */
  public PacketAnswer {
    passedOver = List.copyOf(passedOver);
  }
}
