package dev.shunt.desired.pod;

import dev.shunt.desired.Interception;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What policies need to know of a pod. Comparable by value.
 *
 * @param id which pod
 * @param node that it is bound to; empty: none yet
 * @param labels of the pod
 * @param workload it is a replica of
 * @param network whose it uses
 * @param phase how far it is
 * @param interception what a recognised sidecar does in its network namespace; {@link
 *     Interception#NONE} without one
 */
public record PodFacts(
    PodId id,
    String node,
    Map<String, String> labels,
    Workload workload,
    PodNetwork network,
    PodPhase phase,
    Interception interception) {
  /** Copies the labels; in alphabetical order. */
  public PodFacts {
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
  }

  /** Shorthand for the namespace of the id. */
  public String namespace() {
    return id.namespace();
  }

  /** Shorthand for the name of the id. */
  public String name() {
    return id.name();
  }

  /** Shorthand for the uid of the id. */
  public String uid() {
    return id.uid();
  }
}
