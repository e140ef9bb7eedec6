package dev.shunt.desired.pod;

/** How far a pod is. Immutable. */
public enum PodPhase {
  /** Accepted; not all of its containers have started. */
  PENDING,
  /** At least one of its containers runs. */
  RUNNING,
  /** All of its containers have ended for good: it has no processes any more. */
  ENDED
}
