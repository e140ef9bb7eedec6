package dev.shunt.desired.filter;

import java.util.Comparator;
import java.util.List;

/**
 * All rules of one attachment point, in order. Comparable by value: points with equal rules share
 * one rule set.
 *
 * @param direction of its packets
 * @param rules the first that matches decides; at most {@link TrafficFilter#RULES_MAX}
 * @param failSafe what stays open
 */
public record PointRules(FilterDirection direction, List<PointRule> rules, FailSafe failSafe) {
  /** Copies the list and checks its bound. */
  public PointRules {
    rules = List.copyOf(rules);
    if (rules.size() > TrafficFilter.RULES_MAX) {
      throw new IllegalArgumentException(
          "rules of one attachment point: "
              + rules.size()
              + " (expected: at most "
              + TrafficFilter.RULES_MAX
              + ")");
    }
  }

  /** The rules of filters that meet on a point. */
  public static PointRules of(
      FilterDirection direction, List<TrafficFilter> filters, FailSafe failSafe) {
    List<PointRule> rules =
        filters.stream()
            .sorted(
                Comparator.comparing(TrafficFilter::priority, Comparator.reverseOrder())
                    .thenComparing(TrafficFilter::name))
            .flatMap(
                filter ->
                    filter.rules().stream()
                        .map(
                            rule ->
                                new PointRule(
                                    filter.name(), rule, filter.modeOf(rule), filter.lockout())))
            .toList();
    return new PointRules(direction, rules, failSafe);
  }

  /** Whether a packet can be dropped here. */
  public boolean canDrop() {
    return rules.stream()
        .anyMatch(
            rule ->
                rule.mode() == FilterMode.ENFORCE
                    && rule.rule().action().kind() != FilterAction.Kind.ALLOW);
  }
}
