package dev.shunt.cluster;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a control plane was told on its command line. Immutable.
 *
 * @param kubeconfig how to reach the API server; empty: as a pod of the cluster
 * @param listen address of the gRPC API
 * @param metrics address of health and metrics; empty: nowhere
 * @param self which replica of what
 * @param names of objects and of others
 */
record ControlPlaneConfig(
    Optional<Path> kubeconfig,
    InetSocketAddress listen,
    Optional<InetSocketAddress> metrics,
    Self self,
    Names names) {
  /**
   * Which replica this is.
   *
   * @param namespace of its pod
   * @param pod its name
   * @param ip its address, for other replicas; empty: it shares nothing with them
   */
  record Self(String namespace, String pod, String ip) {}

  /**
   * Names in the cluster.
   *
   * @param secret and ConfigMap of the certificate authority
   * @param lease that the writing replica holds
   * @param service that nodes and users know the control plane by
   * @param nodeServiceAccount of the nodes' pods
   * @param audience that tokens are for
   */
  record Names(
      String secret, String lease, String service, String nodeServiceAccount, String audience) {}
}
