package dev.shunt.cluster.compile;

import java.util.HashMap;
import java.util.Map;

/**
 * When something changed that decides which policies select which pods, as a number that only
 * grows. Edits of what policies say are no such change. Namespaces that come and go for months cost
 * no more than {@link #NAMESPACES_MAX} of them. Not thread safe.
 */
final class Revisions {
  /**
   * Namespaces that are remembered one by one: more than clusters have (Kubernetes is tested with
   * 10,000), and about a megabyte.
   */
  static final int NAMESPACES_MAX = 10_000;

  private final Map<String, Long> ofNamespaces = new HashMap<>();
  private long ofCluster;
  private long latest;

  /** It changed for the pods of a namespace; {@link ClusterFacts#CLUSTER}: for all. */
  void changed(String namespace) {
    latest++;
    ofNamespaces.put(namespace, latest);
    // Over the limit as if it had changed for all, which costs one decision a pod. A namespace that
    // was deleted cannot be forgotten alone: the end of its pods may be told after its own.
    if (namespace.equals(ClusterFacts.CLUSTER) || ofNamespaces.size() > NAMESPACES_MAX) {
      ofCluster = latest;
      ofNamespaces.clear(); // all of these were earlier
    }
  }

  /** The last change for any pod. */
  long latest() {
    return latest;
  }

  /** The last change for pods of a namespace. */
  long of(String namespace) {
    return Math.max(ofCluster, ofNamespaces.getOrDefault(namespace, 0L));
  }
}
