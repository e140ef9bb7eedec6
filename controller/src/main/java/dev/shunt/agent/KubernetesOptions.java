package dev.shunt.agent;

import dev.shunt.agent.AgentConfig.Cluster;
import dev.shunt.agent.AgentConfig.ControlPlane;
import dev.shunt.cli.HostPort;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of a node that belongs to a cluster; they go together. */
final class KubernetesOptions {
  @Option(
      names = "--kubernetes",
      required = true,
      description =
          "Watch the pods that the cluster has bound to this node; policies select pods. What no"
              + " policy selects is observed.")
  private boolean kubernetes;

  @Option(
      names = "--node-name",
      paramLabel = "NAME",
      defaultValue = "${env:NODE_NAME}",
      description = "Name of this node in the cluster (default: $NODE_NAME).")
  private @Nullable String nodeName;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Credentials (default: the service account of the pod).")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--control-plane",
      paramLabel = "HOST:PORT",
      description = "Take policies from this control plane. Needs --plane-ca and --token-file.")
  private @Nullable String controlPlane;

  @Option(
      names = "--plane-ca",
      paramLabel = "FILE",
      description = "PEM certificate of its authority; may appear later, and change.")
  private @Nullable Path planeCa;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Token of this pod for the audience of the control plane.")
  private @Nullable Path tokenFile;

  /**
   * The cluster; empty without a name of the node.
   *
   * @throws IllegalArgumentException an option is missing or wrong; the message is for the user
   */
  Optional<Cluster> cluster() {
    return nodeName == null || nodeName.isBlank() || !kubernetes
        ? Optional.empty()
        : Optional.of(new Cluster(nodeName, Optional.ofNullable(kubeconfig), plane()));
  }

  private Optional<ControlPlane> plane() {
    if (controlPlane == null) {
      return Optional.empty();
    }
    if (planeCa == null || tokenFile == null) {
      throw new IllegalArgumentException("--control-plane needs --plane-ca and --token-file");
    }
    HostPort plane = HostPort.to("--control-plane", controlPlane);
    return Optional.of(new ControlPlane(plane.host(), plane.port(), planeCa, tokenFile));
  }
}
