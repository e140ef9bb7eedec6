package dev.shunt.desired.connect;

import java.util.ArrayList;
import java.util.List;

/**
 * Ports of a protocol that begin with the same bits.
 *
 * @param protocol TCP or UDP
 * @param first of the ports: all other bits are zero
 * @param bits that count, 0..16
 */
public record PortPrefix(ConnectProtocol protocol, int first, int bits) {
  private static final int PORT_BITS = 16;

  /** The fewest prefixes that are exactly the ports from {@code first} to {@code last}. */
  static List<PortPrefix> covering(ConnectProtocol protocol, int first, int last) {
    List<PortPrefix> prefixes = new ArrayList<>();
    int next = first;
    while (next <= last) {
      int free = next == 0 ? PORT_BITS : Integer.numberOfTrailingZeros(next);
      while (next + (1 << free) - 1 > last) {
        free--;
      }
      prefixes.add(new PortPrefix(protocol, next, PORT_BITS - free));
      next += 1 << free;
    }
    return prefixes;
  }
}
