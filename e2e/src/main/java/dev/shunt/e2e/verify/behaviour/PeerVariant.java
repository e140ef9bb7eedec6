package dev.shunt.e2e.verify.behaviour;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The kind of sockets a case uses and the way its connections take. Immutable. */
public record PeerVariant(Family family, Mode mode, Route route) {
  /** Addresses: IPv4, IPv6, and IPv4 on AF_INET6 sockets as every JVM uses it. */
  public enum Family {
    V4,
    V6,
    MAPPED
  }

  /** O_NONBLOCK on both ends, or on none. */
  public enum Mode {
    NONBLOCK,
    BLOCK
  }

  /** Over lo, over lo through iptables REDIRECT, or between two namespaces over veth. */
  public enum Route {
    LOOPBACK,
    REDIRECTED,
    CROSS
  }

  /**
   * Reads {@code v4/nonblock/loopback}.
   *
   * @throws IllegalArgumentException for any other form
   */
  public static PeerVariant parse(String text) {
    String[] parts = text.toUpperCase(Locale.ROOT).split("/", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException(
          "variant: " + text + " (expected: FAMILY/MODE/ROUTE, e.g. v4/nonblock/loopback)");
    }
    return new PeerVariant(
        Family.valueOf(parts[0]), Mode.valueOf(parts[1]), Route.valueOf(parts[2]));
  }

  /** The same sockets on another way. */
  PeerVariant over(Route other) {
    return new PeerVariant(family, mode, other);
  }

  /** Whether {@link #parse} reads it. */
  static boolean isVariant(String text) {
    try {
      return parse(text).toString().equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Reads a comma-separated list of variants. */
  static List<PeerVariant> parseList(String text) {
    return Arrays.stream(text.split(",", -1)).map(PeerVariant::parse).toList();
  }

  @Override
  public String toString() {
    return (family + "/" + mode + "/" + route).toLowerCase(Locale.ROOT);
  }
}
