package dev.shunt.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a node is reached. Immutable.
 *
 * @param socket its unix socket
 * @param remote its TLS port, which outranks the socket
 */
record NodeTarget(Path socket, Optional<Remote> remote) {
  /** A TLS port and the caller's identity; all files are PEM. */
  record Remote(String host, int port, Path ca, Path certificate, Path key) {}

  /** The target as messages name it. */
  @Override
  public String toString() {
    return remote.map(r -> r.host() + ":" + r.port()).orElse(socket.toString());
  }
}
