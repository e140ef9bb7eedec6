package dev.shunt.ingest.distribution;

import java.nio.file.Path;

/**
 * Where the control plane is, and who this node is. Immutable.
 *
 * @param host name or address of the control plane
 * @param port of its gRPC API
 * @param planeCa PEM certificates that sign the server's; read at each connection, may appear later
 * @param tokenFile token of this pod's service account, for the audience of the control plane; read
 *     at each use, as it is replaced while the pod runs
 * @param nodeName name of the Node object
 * @param stateDirectory where the last good snapshot is kept
 */
public record PolicyStreamConfig(
    String host, int port, Path planeCa, Path tokenFile, String nodeName, Path stateDirectory) {
  /** For messages. */
  String target() {
    return host + ":" + port;
  }
}
