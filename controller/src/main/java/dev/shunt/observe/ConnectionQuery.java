package dev.shunt.observe;

import java.net.InetSocketAddress;

/** Which connection a reader asks about. Immutable. */
public sealed interface ConnectionQuery {
  /** Most candidates an ambiguous answer lists. */
  int CANDIDATES_MAX = 10;

  /** The socket with this cookie. */
  record ByCookie(long cookie) implements ConnectionQuery {
    @Override
    public Match match(ConnectionView connection) {
      return connection.socket().cookie() == cookie ? Match.EXACT : Match.NO;
    }
  }

  /** The end with this local address; if none has it, the one with this remote address. */
  record ByAddress(InetSocketAddress address) implements ConnectionQuery {
    @Override
    public Match match(ConnectionView connection) {
      if (connection.socket().local().equals(address)) {
        return Match.EXACT;
      }
      return connection.socket().remote().equals(address) ? Match.WEAK : Match.NO;
    }
  }

  /** The end with these local and remote addresses. */
  record ByPair(InetSocketAddress local, InetSocketAddress remote) implements ConnectionQuery {
    @Override
    public Match match(ConnectionView connection) {
      boolean both =
          connection.socket().local().equals(local) && connection.socket().remote().equals(remote);
      return both ? Match.EXACT : Match.NO;
    }
  }

  /** How well a connection fits the query. */
  enum Match {
    EXACT,
    /** Counts when nothing is EXACT. */
    WEAK,
    NO
  }

  /** How well the connection fits. */
  Match match(ConnectionView connection);

  /**
   * Reads {@code ip:port}, {@code [ip6]:port}, {@code local->remote} or a socket cookie (decimal).
   *
   * @throws IllegalArgumentException with the expected form
   */
  static ConnectionQuery parse(String text) {
    String trimmed = text.trim();
    int arrow = trimmed.indexOf("->");
    if (arrow >= 0) {
      return new ByPair(
          AddressText.parseSocket(trimmed.substring(0, arrow).trim()),
          AddressText.parseSocket(trimmed.substring(arrow + 2).trim()));
    }
    if (trimmed.indexOf(':') >= 0) {
      return new ByAddress(AddressText.parseSocket(trimmed));
    }
    try {
      long cookie = Long.parseUnsignedLong(trimmed);
      if (cookie != 0) {
        return new ByCookie(cookie);
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message that states the forms.
    }
    throw new IllegalArgumentException(
        "'" + text + "' (expected: ip:port, [ip6]:port, local->remote or a socket cookie)");
  }
}
