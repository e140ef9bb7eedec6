package dev.shunt.desired.filter;

/** Transport protocol of a rule. Immutable. */
public enum FilterProtocol {
  /** Every protocol, those not named here too. */
  ANY(-1),
  /** TCP. */
  TCP(6),
  /** UDP. */
  UDP(17),
  /** SCTP. */
  SCTP(132),
  /** ICMP of IPv4. */
  ICMP(1),
  /** ICMP of IPv6. */
  ICMPV6(58);

  private final int number;

  FilterProtocol(int number) {
    this.number = number;
  }

  /** The IANA protocol number; -1 for {@link #ANY}. */
  public int number() {
    return number;
  }

  /** Whether its packets carry ports. */
  public boolean hasPorts() {
    return this == TCP || this == UDP || this == SCTP;
  }

  /** Whether its packets carry an ICMP type and code. */
  public boolean isIcmp() {
    return this == ICMP || this == ICMPV6;
  }
}
