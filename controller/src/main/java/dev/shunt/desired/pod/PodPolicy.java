package dev.shunt.desired.pod;

import dev.shunt.desired.DecidingPolicy;
import dev.shunt.desired.NamedPolicy;
import dev.shunt.desired.PolicyName;
import dev.shunt.desired.PolicyOrigin;
import dev.shunt.desired.connect.ConnectPolicy;
import dev.shunt.desired.filter.FilterPolicy;
import dev.shunt.desired.filter.FilterSubject;
import java.util.Comparator;

/**
 * A policy of a cluster: what it wants, and of which pods.
 *
 * @param policy what it wants; its own selector is that of everything, or for a filter that of
 *     interfaces of the node
 * @param scope which pods
 */
public record PodPolicy(NamedPolicy policy, PodScope scope) implements NamedPolicy {
  /** The policy that outranks comes first. Consistent with equals as long as names are unique. */
  public static final Comparator<PodPolicy> BY_PRECEDENCE =
      Comparator.comparing(PodPolicy::rank)
          .thenComparing(PodPolicy::priority, Comparator.reverseOrder())
          .thenComparing(p -> p.origin().createdAt())
          .thenComparing(p -> p.name().kind())
          .thenComparing(p -> p.name().endpointName());

  /** How specific a policy is; the first outranks the others. */
  public enum Rank {
    /** Some pods of a namespace. */
    PODS,
    /** Every pod of a namespace. */
    NAMESPACE,
    /** A part of the cluster, by any selector or a canary. */
    PART_OF_CLUSTER,
    /** Every pod. */
    CLUSTER
  }

  @Override
  public PolicyName name() {
    return policy.name();
  }

  @Override
  public PolicyOrigin origin() {
    return policy.origin();
  }

  @Override
  public boolean changesConnections() {
    return policy.changesConnections();
  }

  /** How specific it is. */
  public Rank rank() {
    if (name().kind().isCluster()) {
      return scope.isEverything() ? Rank.CLUSTER : Rank.PART_OF_CLUSTER;
    }
    return scope.isEverything() ? Rank.NAMESPACE : Rank.PODS;
  }

  /** The higher outranks among equally specific policies. */
  public int priority() {
    if (policy instanceof DecidingPolicy deciding) {
      return deciding.priority();
    }
    if (policy instanceof ConnectPolicy connect) {
      return connect.settings().priority();
    }
    if (policy instanceof FilterPolicy filter) {
      return filter.filter().priority();
    }
    throw new IllegalStateException("policy " + policy.name() + " is of no known kind");
  }

  /** Whether it is about interfaces of nodes and not about pods. */
  public boolean isAboutNodes() {
    return policy instanceof FilterPolicy filter
        && filter.filter().where().subject() != FilterSubject.PODS;
  }

  /** Whether it holds for a pod, unless one that outranks it does. */
  public boolean selects(PodFacts pod, Labels labels) {
    return !isAboutNodes()
        && (name().kind().isCluster() || name().namespace().equals(pod.namespace()))
        && scope.selects(pod, labels);
  }

  /** Whether it can hold for anything on a node. */
  public boolean selectsNode(String node, Labels labels) {
    return scope.selectsNode(node, labels);
  }
}
