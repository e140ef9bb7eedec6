package dev.shunt.e2e.behaviour;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The deviations from TCP that the documentation names: by case, the observations that may differ.
 * Anything else that differs fails the suite. No state.
 */
final class Deviations {
  private static final Map<String, Set<String>> ALLOWED = Map.of();

  private Deviations() {}

  /** Whether every difference is of an observation that may differ in this case. */
  static boolean allow(String caseName, List<String> differences) {
    Set<String> allowed = ALLOWED.getOrDefault(caseName, Set.of());
    return differences.stream().allMatch(each -> allowed.contains(each.split(":", 2)[0]));
  }
}
