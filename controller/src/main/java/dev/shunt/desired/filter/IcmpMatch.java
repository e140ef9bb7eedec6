package dev.shunt.desired.filter;

/**
 * ICMP messages of one type.
 *
 * @param type 0..255
 * @param code 0..255, or {@link #ANY_CODE}
 */
public record IcmpMatch(int type, int code) {
  /** Every code of the type. */
  public static final int ANY_CODE = -1;

  private static final int BYTE_MAX = 255;

  /** Checks the bounds. */
  public IcmpMatch {
    if (type < 0 || type > BYTE_MAX) {
      throw new IllegalArgumentException("ICMP type: " + type + " (expected: 0..255)");
    }
    if (code < ANY_CODE || code > BYTE_MAX) {
      throw new IllegalArgumentException("ICMP code: " + code + " (expected: 0..255)");
    }
  }

  /** Whether a message is one of these. */
  public boolean matches(int otherType, int otherCode) {
    return type == otherType && (code == ANY_CODE || code == otherCode);
  }

  /** {@code 8}, {@code 3/4}. */
  @Override
  public String toString() {
    return code == ANY_CODE ? Integer.toString(type) : type + "/" + code;
  }
}
