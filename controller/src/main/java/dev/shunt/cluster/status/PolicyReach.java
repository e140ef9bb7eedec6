package dev.shunt.cluster.status;

import dev.shunt.cluster.compile.ClusterFacts;
import dev.shunt.cluster.compile.PolicyFact;
import dev.shunt.desired.DecidingPolicy;
import dev.shunt.desired.filter.FilterPolicy;
import dev.shunt.desired.pod.PodFacts;
import dev.shunt.desired.pod.PodNetwork;
import dev.shunt.desired.pod.PodPolicy;
import dev.shunt.desired.telemetry.TelemetryPolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a policy reaches, as the facts say at one moment. Immutable.
 *
 * @param nodes that have something that it selects
 * @param pods that it selects, as {@code namespace/name}
 * @param untouched those of its pods that a policy of its kind can do nothing for
 * @param rivals keys of policies that decide instead of it on some of its pods
 * @param decides whether it decides on any of its pods
 * @param equal one of the rivals that differs from it in age only; empty: none
 */
record PolicyReach(
    Set<String> nodes,
    Set<String> pods,
    Set<String> untouched,
    Set<String> rivals,
    boolean decides,
    Optional<String> equal) {
  /** Pods whose rivals are looked at: a policy that loses on all of these is worth a word. */
  private static final int LOOKED_AT_MAX = 500;

  static final PolicyReach NONE =
      new PolicyReach(Set.of(), Set.of(), Set.of(), Set.of(), true, Optional.empty());

  /** Asks the facts; called on the thread that owns them. */
  static PolicyReach of(ClusterFacts facts, PolicyFact fact) {
    Set<String> pods = new HashSet<>();
    List<PodFacts> matched = facts.matchedBy(fact).toList();
    matched.forEach(pod -> pods.add(pod.namespace() + "/" + pod.name()));
    Set<String> rivals = new HashSet<>();
    Optional<String> equal = Optional.empty();
    Class<?> kind = fact.policy().policy().getClass();
    boolean decides = matched.isEmpty() || !DecidingPolicy.class.isAssignableFrom(kind);
    if (!decides) {
      for (PodFacts pod : matched.subList(0, Math.min(matched.size(), LOOKED_AT_MAX))) {
        PodPolicy winner =
            facts.decide(pod).selecting().stream()
                .filter(policy -> kind.isInstance(policy.policy()))
                .findFirst()
                .orElseThrow();
        if (winner.name().equals(fact.policy().name())) {
          decides = true;
        } else {
          rivals.add(winner.name().toString());
          if (isEqual(winner, fact.policy())) {
            equal = Optional.of(winner.name().toString());
          }
        }
      }
    }
    return new PolicyReach(
        facts.touchedBy(fact), pods, untouched(fact, matched), rivals, decides, equal);
  }

  /** Packets and events of the node's network cannot be told apart by pods. */
  private static Set<String> untouched(PolicyFact fact, List<PodFacts> matched) {
    boolean needsNetwork =
        fact.policy().policy() instanceof TelemetryPolicy
            || fact.policy().policy() instanceof FilterPolicy;
    return matched.stream()
        .filter(pod -> needsNetwork && pod.network() == PodNetwork.HOST)
        .map(pod -> pod.namespace() + "/" + pod.name())
        .collect(Collectors.toSet());
  }

  /** As specific and as important, and yet it says something else. */
  private static boolean isEqual(PodPolicy winner, PodPolicy other) {
    return winner.rank() == other.rank()
        && winner.priority() == other.priority()
        && winner.policy() instanceof DecidingPolicy one
        && other.policy() instanceof DecidingPolicy two
        && !one.says().equals(two.says());
  }
}
