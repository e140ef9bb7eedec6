package dev.shunt.desired;

/** Whether a sidecar intercepts what a network namespace sends. Immutable. */
public enum Interception {
  /** Connections go where their address says. */
  NONE,
  /** Any destination may end at a sidecar of this host, so any may be invited to pair. */
  OUTBOUND;

  /** {@link #OUTBOUND} when either is. */
  public Interception or(Interception other) {
    return this == OUTBOUND ? this : other;
  }
}
