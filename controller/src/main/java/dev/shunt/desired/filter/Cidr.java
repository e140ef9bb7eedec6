package dev.shunt.desired.filter;

/**
 * The addresses that begin with the same bits.
 *
 * @param address first of them: all other bits are zero
 * @param bits that count, 0..32 or 0..128
 */
public record Cidr(IpAddress address, int bits) {
  /** Checks the number of bits, and that no others are set. */
  public Cidr {
    int most = address.family().bits();
    if (bits < 0 || bits > most) {
      throw new IllegalArgumentException("prefix length: " + bits + " (expected: 0.." + most + ")");
    }
    if (!masked(address, bits).equals(address)) {
      throw new IllegalArgumentException(
          "CIDR: "
              + address
              + "/"
              + bits
              + " (expected: "
              + masked(address, bits)
              + "/"
              + bits
              + ")");
    }
  }

  /** The CIDR of this length that holds an address. */
  public static Cidr around(IpAddress address, int bits) {
    return new Cidr(masked(address, bits), bits);
  }

  /**
   * Reads {@code 10.0.0.0/8}, {@code fd00::/8}, or one address.
   *
   * @throws IllegalArgumentException it is neither, or has bits set that do not count
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      IpAddress address = IpAddress.parse(text);
      return new Cidr(address, address.family().bits());
    }
    String length = text.substring(slash + 1);
    if (!length.matches("\\d{1,3}")) {
      throw new IllegalArgumentException("CIDR: " + text + " (expected: ADDRESS/BITS)");
    }
    return new Cidr(IpAddress.parse(text.substring(0, slash)), Integer.parseInt(length));
  }

  /** The family of its addresses. */
  public IpFamily family() {
    return address.family();
  }

  /** Bits that count in the 128 bits of the mapped form, 0..128. */
  public int mappedBits() {
    return bits + IpFamily.V6.bits() - family().bits();
  }

  /** Whether an address is one of these. */
  public boolean contains(IpAddress other) {
    return other.family() == family() && masked(other, bits).equals(address);
  }

  /** Whether every address of another is one of these. */
  public boolean contains(Cidr other) {
    return other.bits >= bits && contains(other.address);
  }

  private static IpAddress masked(IpAddress address, int bits) {
    int mapped = bits + IpFamily.V6.bits() - address.family().bits();
    return new IpAddress(
        address.family(), address.high() & mask(mapped), address.low() & mask(mapped - Long.SIZE));
  }

  private static long mask(int bits) {
    if (bits <= 0) {
      return 0;
    }
    return bits >= Long.SIZE ? -1L : -1L << (Long.SIZE - bits);
  }

  /** {@code 10.0.0.0/8}. */
  @Override
  public String toString() {
    return address + "/" + bits;
  }
}
