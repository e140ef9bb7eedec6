package dev.shunt.desired.snapshot;

import java.util.List;

/**
 * Which policies select a pod. Immutable.
 *
 * @param uid of the pod
 * @param namespace of the pod
 * @param name of the pod
 * @param workload such as {@code Deployment/web}
 * @param policies keys, the one that outranks first
 */
public record PodAssignment(
    String uid, String namespace, String name, String workload, List<String> policies) {
  /** Copies the list. */
  public PodAssignment {
    policies = List.copyOf(policies);
  }
}
