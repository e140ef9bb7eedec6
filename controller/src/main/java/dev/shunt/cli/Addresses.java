package dev.shunt.cli;

import dev.shunt.v1.Connection;

/** Both ends of a connection as {@code ip:port}, IPv6 in brackets. Stateless. */
final class Addresses {
  private Addresses() {}

  static String local(Connection connection) {
    return join(connection.getLocalAddress(), connection.getLocalPort());
  }

  static String remote(Connection connection) {
    return join(connection.getRemoteAddress(), connection.getRemotePort());
  }

  static String join(String address, int port) {
    return (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + port;
  }
}
