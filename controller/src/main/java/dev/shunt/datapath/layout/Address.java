package dev.shunt.datapath.layout;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** IPv4 and IPv6 addresses as 16 bytes, IPv4 as v4-mapped. {@code struct address}. */
public final class Address {
  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("address").u32Array("word_be", 4).build();

  private static final int IPV4_AT = 12;

  private Address() {}

  /** The address as a map key. */
  public static ByteBuffer encode(InetAddress address) {
    ByteBuffer bytes = LAYOUT.allocate();
    byte[] raw = address.getAddress();
    if (address instanceof Inet4Address) {
      bytes.put(IPV4_AT - 2, (byte) 0xff).put(IPV4_AT - 1, (byte) 0xff);
      bytes.put(IPV4_AT, raw);
    } else {
      bytes.put(0, raw);
    }
    return bytes;
  }

  /** Reads the struct at {@code base}; v4-mapped addresses come back as IPv4. */
  public static InetAddress read(ByteBuffer bytes, int base) {
    byte[] raw = new byte[LAYOUT.size()];
    bytes.get(base, raw);
    try {
      return InetAddress.getByAddress(raw);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible); // 16 bytes are an address
    }
  }
}
