package dev.shunt.desired.filter;

/** What the names of a placement name. Immutable. */
public enum FilterSubject {
  /** Interfaces of the node, by name or glob ({@code eth*}). */
  INTERFACES,
  /** The interfaces that the node's default routes lead through; no names. */
  DEFAULT_ROUTE,
  /** Pods, by the name or glob of their network namespace; tc only. */
  PODS
}
