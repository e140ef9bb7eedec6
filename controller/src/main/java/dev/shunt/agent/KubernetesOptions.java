package dev.shunt.agent;

import dev.shunt.agent.AgentConfig.Cluster;
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

  /** The cluster; empty without a name of the node. */
  Optional<Cluster> cluster() {
    return nodeName == null || nodeName.isBlank() || !kubernetes
        ? Optional.empty()
        : Optional.of(new Cluster(nodeName, Optional.ofNullable(kubeconfig)));
  }
}
