package dev.shunt.desired.filter;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/**
 * An IPv4 or IPv6 address.
 *
 * @param family that it belongs to: an IPv4-mapped IPv6 address is not an IPv4 address
 * @param high first 64 bits, most significant first; 0 for IPv4
 * @param low last 64 bits; {@code 0xffff} before the 32 bits of an IPv4 address
 */
public record IpAddress(IpFamily family, long high, long low) {
  /** Bytes of an address of either family, IPv4 as v4-mapped. */
  public static final int BYTES = 16;

  private static final int V4_BYTES = 4;
  private static final long V4_MAPPED = 0xffff_0000_0000L;
  private static final Pattern LITERAL = Pattern.compile("[0-9a-fA-F:.]+");
  private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** Checks that an IPv4 address is mapped. */
  public IpAddress {
    if (family == IpFamily.V4 && (high != 0 || low >>> Integer.SIZE != 0xffff)) {
      throw new IllegalArgumentException("IPv4 address: not mapped");
    }
  }

  /** The IPv4 address with these 32 bits. */
  public static IpAddress v4(int bits) {
    return new IpAddress(IpFamily.V4, 0, V4_MAPPED | Integer.toUnsignedLong(bits));
  }

  /** The IPv6 address with these 128 bits. */
  public static IpAddress v6(long high, long low) {
    return new IpAddress(IpFamily.V6, high, low);
  }

  /** From 4 or 16 bytes. */
  public static IpAddress of(byte[] raw) {
    ByteBuffer bytes = ByteBuffer.wrap(raw);
    return raw.length == V4_BYTES
        ? v4(bytes.getInt())
        : v6(bytes.getLong(), bytes.getLong(Long.BYTES));
  }

  /**
   * Reads a literal; asks no name server.
   *
   * @throws IllegalArgumentException it is not an address
   */
  public static IpAddress parse(String text) {
    boolean plausible =
        text.contains(":") ? LITERAL.matcher(text).matches() : DOTTED.matcher(text).matches();
    if (!plausible) {
      throw new IllegalArgumentException("address: " + text + " (expected: IPv4 or IPv6)");
    }
    try {
      byte[] raw = InetAddress.getByName(text).getAddress();
      return text.contains(":") && raw.length == V4_BYTES
          ? v6(0, v4(ByteBuffer.wrap(raw).getInt()).low) // Java turns mapped addresses into IPv4
          : of(raw);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("address: " + text + " (expected: IPv4 or IPv6)", e);
    }
  }

  /** The byte at 0..15 of the mapped form. */
  public int byteAt(int index) {
    long half = index < Long.BYTES ? high : low;
    return (int) (half >>> (Long.SIZE - Byte.SIZE * (index % Long.BYTES + 1))) & 0xff;
  }

  /** As an address literal. */
  @Override
  public String toString() {
    byte[] raw = ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    try {
      if (family == IpFamily.V4) {
        return InetAddress.getByAddress(java.util.Arrays.copyOfRange(raw, 12, BYTES))
            .getHostAddress();
      }
      if (high == 0 && low >>> Integer.SIZE == 0xffff) {
        return "::ffff:" + v4((int) low);
      }
      return InetAddress.getByAddress(raw).getHostAddress();
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
