package dev.shunt.desired;

/**
 * Identity of a policy, unique on the node.
 *
 * @param kind of the policy
 * @param namespace it belongs to; empty for a cluster policy
 * @param name within the namespace
 */
public record PolicyName(PolicyKind kind, String namespace, String name) {
  /** Checks that exactly the namespaced kinds have a namespace. */
  public PolicyName {
    if (namespace.isEmpty() != kind.isCluster()) {
      throw new IllegalArgumentException("namespace: '" + namespace + "' of a " + kind.text());
    }
  }

  /** Name of the policy's endpoint: {@code namespace/name}, or {@code cluster:name}. */
  public String endpointName() {
    return namespace.isEmpty() ? "cluster:" + name : namespace + "/" + name;
  }

  /** For messages: {@code Acceleration default/web}, {@code ClusterAcceleration web}. */
  @Override
  public String toString() {
    return kind.text() + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
  }
}
