package dev.shunt.desired;

/**
 * Whose connections may end on this host although their address is not of it; each allows what
 * those before it do. Immutable.
 */
public enum Interception {
  /** Connections go where their address says. */
  NONE,
  /** A sidecar of the same namespace catches them: those that are answered over its loopback. */
  OUTBOUND,
  /** The host translates addresses, as those of Services, to pods: any, so all are invited. */
  TRANSLATED;

  /** The one that allows more. */
  public Interception or(Interception other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
