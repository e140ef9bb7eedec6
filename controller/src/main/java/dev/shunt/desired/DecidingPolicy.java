package dev.shunt.desired;

/**
 * A policy of a kind of which one alone decides on each pod or network namespace, while others add
 * up. Immutable.
 */
public interface DecidingPolicy extends NamedPolicy {
  /** What it selects on a host without Kubernetes. */
  Object target();

  /** What it says; two that are equal never contradict each other. */
  Object says();

  /** The higher outranks among equally specific policies. */
  int priority();
}
