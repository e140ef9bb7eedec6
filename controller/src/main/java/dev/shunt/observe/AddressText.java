package dev.shunt.observe;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Addresses as text, without ever asking DNS. Stateless. */
public final class AddressText {
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  private static final int GROUPS = 8;

  private AddressText() {}

  /**
   * Reads an IPv4 or IPv6 literal; v4-mapped IPv6 becomes IPv4.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static InetAddress parse(String text) {
    if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
      throw notAnAddress(text);
    }
    for (String part : IPV4.matcher(text).matches() ? text.split("\\.", -1) : new String[0]) {
      if (Integer.parseInt(part) > 255) {
        throw notAnAddress(text);
      }
    }
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw notAnAddress(text);
    }
  }

  /**
   * Reads {@code ip:port} or {@code [ip6]:port}.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static InetSocketAddress parseSocket(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("'" + text + "' (expected: ip:port or [ip6]:port)");
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (!bracketed && host.indexOf(':') >= 0) {
      throw new IllegalArgumentException("'" + text + "' (expected: [ip6]:port, in brackets)");
    }
    InetAddress address = parse(bracketed ? host.substring(1, host.length() - 1) : host);
    return new InetSocketAddress(address, parsePort(text.substring(colon + 1)));
  }

  /** {@code 10.0.0.1:80} or {@code [::1]:80}. */
  public static String format(InetSocketAddress socket) {
    String host = format(socket.getAddress());
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + socket.getPort();
  }

  /** IPv4 dotted, IPv6 as RFC 5952 wants it: lower case, longest run of zeros shortened. */
  public static String format(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address.getHostAddress();
    }
    byte[] bytes = address.getAddress();
    int[] groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    return join(groups);
  }

  private static String join(int[] groups) {
    int start = longestZeroRun(groups);
    int end = start;
    while (start >= 0 && end < GROUPS && groups[end] == 0) {
      end++;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (i == start) {
        text.append("::");
        i = end - 1;
      } else {
        boolean afterColon = text.length() == 0 || text.charAt(text.length() - 1) == ':';
        text.append(afterColon ? "" : ":").append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }

  /** Start of the first longest run of at least two zero groups; -1 without one. */
  private static int longestZeroRun(int[] groups) {
    int best = -1;
    int bestLength = 1;
    int length = 0;
    for (int i = 0; i < GROUPS; i++) {
      length = groups[i] == 0 ? length + 1 : 0;
      if (length > bestLength) {
        bestLength = length;
        best = i - length + 1;
      }
    }
    return best;
  }

  private static int parsePort(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message that states the bound.
    }
    throw new IllegalArgumentException("port '" + text + "' (expected: 1..65535)");
  }

  private static IllegalArgumentException notAnAddress(String text) {
    return new IllegalArgumentException("'" + text + "' (expected: an IPv4 or IPv6 address)");
  }
}
