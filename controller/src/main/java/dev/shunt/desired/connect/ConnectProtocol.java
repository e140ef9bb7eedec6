package dev.shunt.desired.connect;

/** Transport protocol of a rule. Immutable. */
public enum ConnectProtocol {
  /** TCP and UDP. */
  ANY(0),
  /** TCP, MPTCP included. */
  TCP(6),
  /** UDP. */
  UDP(17);

  private final int number;

  ConnectProtocol(int number) {
    this.number = number;
  }

  /** The IANA protocol number; 0 for {@link #ANY}. */
  public int number() {
    return number;
  }

  /** Whether attempts of another protocol are meant. */
  public boolean covers(ConnectProtocol other) {
    return this == ANY || this == other;
  }
}
