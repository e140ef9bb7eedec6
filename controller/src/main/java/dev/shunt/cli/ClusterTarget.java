package dev.shunt.cli;

import java.nio.file.Path;

/**
 * Where a control plane is reached. Immutable.
 *
 * @param ca PEM file that its certificate is checked with
 * @param token file of the caller's token
 */
record ClusterTarget(String host, int port, Path ca, Path token) {
  /** The target as messages name it. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
