package dev.shunt.desired.pod;

import java.util.List;

/**
 * What a node knows of its cluster.
 *
 * @param pods bound to this node
 * @param labels of namespaces, and of this node
 */
public record ClusterFacts(List<PodFacts> pods, Labels labels) {
  /** Nothing is known yet. */
  public static final ClusterFacts UNKNOWN = new ClusterFacts(List.of(), Labels.UNKNOWN);

  /** Copies the list. */
  public ClusterFacts {
    pods = List.copyOf(pods);
  }
}
