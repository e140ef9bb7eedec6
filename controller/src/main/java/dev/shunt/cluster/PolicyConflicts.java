package dev.shunt.cluster;

import dev.shunt.desired.DecidingPolicy;
import dev.shunt.desired.NamedPolicy;
import dev.shunt.desired.PolicyName;
import dev.shunt.desired.pod.PodPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is wrong with policies as a set, though each is valid. Pure. */
final class PolicyConflicts {
  private PolicyConflicts() {}

  /** One sentence for each conflict, in the order of the policies. */
  static List<String> of(List<NamedPolicy> policies) {
    List<String> conflicts = new ArrayList<>();
    Map<PolicyName, NamedPolicy> first = new HashMap<>();
    List<NamedPolicy> seen = new ArrayList<>();
    for (NamedPolicy policy : policies) {
      NamedPolicy same = first.putIfAbsent(policy.name(), policy);
      if (same != null) {
        conflicts.add(
            "%s: metadata.name: %s (expected: a name used once; also at %s)"
                .formatted(place(policy), policy.name(), place(same)));
        continue;
      }
      for (NamedPolicy other : seen) {
        if (contradicts(policy, other)) {
          conflicts.add(
              "%s: %s selects the same as %s (%s) with the same priority and says something else;"
                      .formatted(place(policy), policy.name(), other.name(), place(other))
                  + " the older one decides: change a selector or spec.priority");
        }
      }
      seen.add(policy);
    }
    return conflicts;
  }

  private static String place(NamedPolicy policy) {
    return policy.origin().file() + ":" + policy.origin().line();
  }

  /** Of policies of some kinds one decides on each pod; those of others add up. */
  private static boolean contradicts(NamedPolicy one, NamedPolicy two) {
    if (one instanceof PodPolicy a && two instanceof PodPolicy b) {
      return a.name().kind() == b.name().kind()
          && a.name().namespace().equals(b.name().namespace())
          && a.scope().equals(b.scope())
          && a.policy() instanceof DecidingPolicy first
          && b.policy() instanceof DecidingPolicy second
          && first.priority() == second.priority()
          && !first.says().equals(second.says());
    }
    return one instanceof DecidingPolicy first
        && two instanceof DecidingPolicy second
        && first.name().kind() == second.name().kind()
        && first.target().equals(second.target())
        && first.priority() == second.priority()
        && !first.says().equals(second.says());
  }
}
