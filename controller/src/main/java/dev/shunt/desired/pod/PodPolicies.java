package dev.shunt.desired.pod;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** All policies of a cluster, or those that a node was given, ranked once. Immutable. */
public final class PodPolicies {
  private static final Comparator<PodFacts> BY_NAME =
      Comparator.comparing(PodFacts::namespace)
          .thenComparing(PodFacts::name)
          .thenComparing(PodFacts::uid);

  private final List<PodPolicy> ranked;

  private PodPolicies(List<PodPolicy> ranked) {
    this.ranked = ranked;
  }

  /** Ranks policies; their names are unique, their order does not matter. */
  public static PodPolicies of(Collection<PodPolicy> policies) {
    return new PodPolicies(policies.stream().sorted(PodPolicy.BY_PRECEDENCE).toList());
  }

  /** All of them, the one that outranks first. */
  public List<PodPolicy> ranked() {
    return ranked;
  }

  /** What holds for a pod. */
  public PodDecision decide(PodFacts pod, Labels labels) {
    return new PodDecision(
        pod, ranked.stream().filter(policy -> policy.selects(pod, labels)).toList());
  }

  /** What holds for each of these pods, by namespace and name. */
  public List<PodDecision> decide(Collection<PodFacts> pods, Labels labels) {
    return pods.stream().sorted(BY_NAME).map(pod -> decide(pod, labels)).toList();
  }

  /** Policies about interfaces that hold on a node. */
  public List<PodPolicy> ofNode(String node, Labels labels) {
    return ranked.stream()
        .filter(policy -> policy.isAboutNodes() && policy.selectsNode(node, labels))
        .toList();
  }
}
