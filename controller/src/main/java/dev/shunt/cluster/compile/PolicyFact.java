package dev.shunt.cluster.compile;

import dev.shunt.desired.pod.PodPolicy;
import dev.shunt.desired.snapshot.PolicyDocument;

/**
 * A policy of the cluster as it is in force. Immutable.
 *
 * @param document what its author wrote
 * @param policy what it means
 */
public record PolicyFact(PolicyDocument document, PodPolicy policy) {
  /** Unique in the cluster: {@code Kind namespace/name}. */
  public String key() {
    return document.key();
  }

  /** Whose pods it is about; empty: those of all namespaces. */
  public String namespace() {
    return policy.name().namespace();
  }

  /**
   * Whether it selects as another version of it does, with the same rank, whatever else differs.
   */
  boolean selectsAs(PolicyFact other) {
    return policy.isAboutNodes() == other.policy.isAboutNodes()
        && policy.scope().equals(other.policy.scope())
        && PodPolicy.BY_PRECEDENCE.compare(policy, other.policy) == 0;
  }
}
