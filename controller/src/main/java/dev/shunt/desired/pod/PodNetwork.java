package dev.shunt.desired.pod;

/** Whose network namespace a pod is in. Immutable. */
public enum PodNetwork {
  /** One of its own. */
  OWN,
  /** The node's ({@code hostNetwork: true}). */
  HOST
}
