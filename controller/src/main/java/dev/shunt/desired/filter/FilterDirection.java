package dev.shunt.desired.filter;

/**
 * Which way packets go, seen from what the filter protects: a node's interface, or a pod.
 * Immutable.
 */
public enum FilterDirection {
  /** Into the node, or into the pod: the remote end is the source. */
  INGRESS,
  /** Out of it: the remote end is the destination. */
  EGRESS
}
