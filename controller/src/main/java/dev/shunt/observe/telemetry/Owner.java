package dev.shunt.observe.telemetry;

import dev.shunt.observe.trace.TraceEvent.Place;

/**
 * Against whose share of a bound something counts: a workload of a cluster, else a network
 * namespace. Immutable.
 *
 * @param namespace of the cluster; without a workload the name of the network namespace
 * @param workload such as {@code Deployment/cart}; empty: none that is known
 */
public record Owner(String namespace, String workload) {
  /** Of what the node counts of itself. */
  static final Owner NODE = new Owner("", "");

  /** Whose a socket or a process is. All pods of a workload are one. */
  public static Owner of(Place place) {
    return PodName.of(place)
        .filter(pod -> !place.workload().isEmpty())
        .map(pod -> new Owner(pod.namespace(), place.workload()))
        .orElseGet(() -> new Owner(place.namespace(), ""));
  }
}
