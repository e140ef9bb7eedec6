package dev.shunt.observe;

import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What would happen to this? Immutable.
 *
 * @param protocol lower case
 * @param source where from; empty: not said
 * @param destination where to
 * @param at the place where it is seen
 * @param caller who sends it
 */
public record PacketQuestion(
    String protocol,
    Optional<InetSocketAddress> source,
    InetSocketAddress destination,
    String at,
    Caller caller) {
  private static final Pattern PACKET =
      Pattern.compile("\\s*(\\w+)\\s+(?:(\\S+)\\s*->\\s*)?(\\S+)\\s*");

  /**
   * Who sends it.
   *
   * @param executable absolute path; empty: one that no rule names
   * @param cgroup below the root of the hierarchy
   * @param namespace network namespace
   */
  public record Caller(String executable, String cgroup, String namespace) {}

  /**
   * Reads {@code tcp 10.1.2.3:1234 -> 10.4.5.6:80}; the source and its arrow may be left out.
   *
   * @throws IllegalArgumentException it is not like this
   */
  public static PacketQuestion parse(String packet, String at, Caller caller) {
    Matcher matcher = PACKET.matcher(packet);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "packet: '%s' (expected: PROTOCOL [SOURCE ->] DESTINATION, such as".formatted(packet)
              + " tcp 10.1.2.3:1234 -> 10.4.5.6:80)");
    }
    return new PacketQuestion(
        matcher.group(1).toLowerCase(Locale.ROOT),
        Optional.ofNullable(matcher.group(2)).map(PacketQuestion::end),
        end(matcher.group(3)),
        at,
        caller);
  }

  /** With a port, or without one: port 0. */
  private static InetSocketAddress end(String text) {
    boolean plain = text.indexOf(':') < 0 || text.indexOf(':') != text.lastIndexOf(':');
    return plain && !text.startsWith("[")
        ? new InetSocketAddress(AddressText.parse(text), 0)
        : AddressText.parseSocket(text);
  }
}
