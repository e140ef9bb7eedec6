package dev.shunt.cluster.compile;

import java.util.HashMap;
import java.util.Map;

/**
 * When something changed that decides which policies select which pods, as a number that only
 * grows. Edits of what policies say are no such change. Not thread safe.
 */
final class Revisions {
  private final Map<String, Long> ofNamespaces = new HashMap<>();
  private long ofCluster;
  private long latest;

  /** It changed for the pods of a namespace; {@link ClusterFacts#CLUSTER}: for all. */
  void changed(String namespace) {
    latest++;
    if (namespace.equals(ClusterFacts.CLUSTER)) {
      ofCluster = latest;
      ofNamespaces.clear(); // all of these were earlier
    } else {
      ofNamespaces.put(namespace, latest);
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
