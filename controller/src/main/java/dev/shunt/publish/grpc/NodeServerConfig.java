package dev.shunt.publish.grpc;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the node API is served. Immutable.
 *
 * @param socket path of the unix socket
 * @param tls a TLS port as well; empty for none
 */
public record NodeServerConfig(Path socket, Optional<Tls> tls) {
  /**
   * A TLS 1.3 port whose callers must show a certificate.
   *
   * @param address to listen on; port 0 takes a free one
   * @param certificate PEM chain of the node
   * @param key PEM private key (PKCS#8) of the node
   * @param clientCa PEM certificates that sign callers' certificates
   * @param taps whether its callers may see payload
   */
  public record Tls(
      InetSocketAddress address, Path certificate, Path key, Path clientCa, TapAccess taps) {}

  /** Whether the callers of a port may see what connections say. */
  public enum TapAccess {
    ALLOWED,
    REFUSED
  }
}
