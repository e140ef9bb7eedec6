package dev.shunt.agent;

import dev.shunt.publish.grpc.NodeServerConfig;
import dev.shunt.publish.otlp.OtlpConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a node process was told on its command line. Immutable.
 *
 * @param places files and directories
 * @param scope what it covers
 * @param server where the API is served
 * @param metrics where metrics are served; empty: nowhere
 * @param onStop what SIGTERM does
 * @param traitTtl how long a trait is remembered after it was seen last
 * @param speedCheck how often a busy endpoint is compared with itself on TCP; zero: never
 * @param cluster that the node belongs to; empty on a host without Kubernetes
 * @param otlp where telemetry is sent; empty: nowhere
 */
public record AgentConfig(
    Places places,
    Scope scope,
    NodeServerConfig server,
    Optional<InetSocketAddress> metrics,
    OnStop onStop,
    Duration traitTtl,
    Duration speedCheck,
    Optional<Cluster> cluster,
    Optional<OtlpConfig> otlp) {
  /**
   * The cluster that a node belongs to.
   *
   * @param node name of the node in it
   * @param kubeconfig credentials; empty: those of the pod that the process runs in
   * @param controlPlane that gives it policies; empty: files only
   */
  public record Cluster(
      String node, Optional<Path> kubeconfig, Optional<ControlPlane> controlPlane) {}

  /**
   * A control plane.
   *
   * @param host name or address
   * @param port of its gRPC API
   * @param ca PEM file that its certificate is checked with
   * @param token file of this pod's token for it
   */
  public record ControlPlane(String host, int port, Path ca, Path token) {}

  /**
   * Files and directories.
   *
   * @param pins on a bpffs
   * @param state survives restarts
   * @param policies need not exist
   * @param libbpf library file; empty: the distribution's
   */
  public record Places(Path pins, Path state, Path policies, Optional<String> libbpf) {}

  /**
   * What the node covers.
   *
   * @param cgroups cgroup v2 directories; empty: the root of the hierarchy
   * @param namespaces names of network namespaces
   * @param discovery whether namespaces under /run/netns are added as they appear
   */
  public record Scope(List<Path> cgroups, List<String> namespaces, Discovery discovery) {
    /** Copies the lists. */
    public Scope {
      cgroups = List.copyOf(cgroups);
      namespaces = List.copyOf(namespaces);
    }
  }

  /** Which network namespaces are watched. */
  public enum Discovery {
    /** Those given, and those that policies name. */
    GIVEN,
    /** Also every one under /run/netns. */
    NAMED
  }

  /** What stopping does to the data path. */
  public enum OnStop {
    /** Traffic back to TCP, everything detached and unpinned. */
    DRAIN,
    /** Programs stay attached; the next start takes them over. */
    KEEP
  }
}
