package dev.shunt.desired.connect;

import dev.shunt.desired.filter.FailSafe;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * All rules of the node, in order: the first that matches decides. Comparable by value.
 *
 * @param rules at most {@link #RULES_MAX}
 * @param failSafe TCP ports that stay open
 */
public record ConnectRules(List<PlacedRule> rules, FailSafe failSafe) {
  /** Most rules of the node: {@code CONNECT_RULES_MAX} of the data path. */
  public static final int RULES_MAX = 1024;

  private static final Comparator<ConnectPolicy> ORDER =
      Comparator.comparing((ConnectPolicy policy) -> -policy.settings().priority())
          .thenComparing(policy -> policy.name().endpointName())
          .thenComparing(policy -> policy.name().kind());

  /** Copies the list and checks its bound. */
  public ConnectRules {
    rules = List.copyOf(rules);
    if (rules.size() > RULES_MAX) {
      throw new IllegalArgumentException(
          "connect rules: %d (expected: at most %d on the node); the first that is too much is %s"
              .formatted(rules.size(), RULES_MAX, rules.get(RULES_MAX).id()));
    }
  }

  /**
   * The rules of policies, in order.
   *
   * @throws IllegalArgumentException too many; names the first that is too much
   */
  public static ConnectRules of(Collection<ConnectPolicy> policies, FailSafe failSafe) {
    return new ConnectRules(
        policies.stream()
            .sorted(ORDER)
            .flatMap(policy -> policy.rules().stream().map(rule -> new PlacedRule(policy, rule)))
            .toList(),
        failSafe);
  }
}
