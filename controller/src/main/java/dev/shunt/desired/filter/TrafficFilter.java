package dev.shunt.desired.filter;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Rules for the packets of some attachment points.
 *
 * @param name unique on the node
 * @param where it is attached
 * @param priority -1000..1000; rules of the filter with the higher one come first on a shared point
 * @param mode of rules that name none
 * @param lockout whether fail-safe ports may be denied
 * @param rules in order, 1..{@link #RULES_MAX}, names unique
 */
public record TrafficFilter(
    FilterName name,
    FilterPlacement where,
    int priority,
    FilterMode mode,
    Lockout lockout,
    List<FilterRule> rules) {
  /** Most rules of a filter, and of an attachment point. */
  public static final int RULES_MAX = 1024;

  /** Bound of {@link #priority} both ways. */
  public static final int PRIORITY_MAX = 1000;

  /** Copies the list and checks bounds and names. */
  public TrafficFilter {
    rules = List.copyOf(rules);
    if (rules.isEmpty() || rules.size() > RULES_MAX) {
      throw new IllegalArgumentException(
          "rules: " + rules.size() + " (expected: 1.." + RULES_MAX + ")");
    }
    if (Math.abs(priority) > PRIORITY_MAX) {
      throw new IllegalArgumentException(
          "priority: " + priority + " (expected: -" + PRIORITY_MAX + ".." + PRIORITY_MAX + ")");
    }
    Set<String> names = new HashSet<>();
    for (FilterRule rule : rules) {
      if (!names.add(rule.name())) {
        throw new IllegalArgumentException("rule name: " + rule.name() + " (expected: unique)");
      }
    }
  }

  /** The mode in which a rule of this filter is evaluated. */
  public FilterMode modeOf(FilterRule rule) {
    return rule.mode().orElse(mode);
  }
}
