package dev.shunt.desired.filter;

/** Version of the Internet Protocol. Immutable. */
public enum IpFamily {
  /** IPv4. */
  V4(32),
  /** IPv6. */
  V6(128);

  private final int bits;

  IpFamily(int bits) {
    this.bits = bits;
  }

  /** Bits of an address. */
  public int bits() {
    return bits;
  }
}
