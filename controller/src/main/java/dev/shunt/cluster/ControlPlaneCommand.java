package dev.shunt.cluster;

import dev.shunt.cli.ExitCode;
import dev.shunt.cli.LogLevel;
import dev.shunt.cli.OptionValues;
import dev.shunt.cli.StopSignal;
import dev.shunt.cluster.ControlPlaneConfig.Names;
import dev.shunt.cluster.ControlPlaneConfig.Self;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code shunt control-plane}: runs one in the foreground until SIGTERM or SIGINT. */
@Command(
    name = "control-plane",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Run the control plane of a cluster: tell nodes their policies until stopped.")
final class ControlPlaneCommand implements Callable<Integer> {
  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "How to reach the API server (default: as a pod of the cluster).")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "0.0.0.0:7443",
      description = "Address of the gRPC API, TLS 1.3 (default: ${DEFAULT-VALUE}).")
  private String listen = "0.0.0.0:7443";

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      required = true,
      defaultValue = "${env:POD_NAMESPACE}",
      description = "Namespace of the control plane and its nodes (env POD_NAMESPACE).")
  private String namespace = "";

  @Option(
      names = "--pod-name",
      paramLabel = "NAME",
      required = true,
      defaultValue = "${env:POD_NAME}",
      description = "Name of this replica (env POD_NAME).")
  private String podName = "";

  @Option(
      names = "--pod-ip",
      paramLabel = "ADDRESS",
      defaultValue = "${env:POD_IP:-}",
      description = "Where other replicas reach this one (env POD_IP).")
  private String podIp = "";

  @Option(
      names = "--cert-secret",
      paramLabel = "NAME",
      defaultValue = "shunt-ca",
      description =
          "Secret that keeps the certificate authority, made when missing; its certificate goes"
              + " into the ConfigMap of the same name (default: ${DEFAULT-VALUE}).")
  private String secret = "shunt-ca";

  @Option(
      names = "--lease",
      paramLabel = "NAME",
      defaultValue = "shunt-control-plane",
      description = "Lease of the replica that writes status (default: ${DEFAULT-VALUE}).")
  private String lease = "shunt-control-plane";

  @Option(
      names = "--service",
      paramLabel = "NAME",
      defaultValue = "shunt-control-plane",
      description = "Service that callers know it by (default: ${DEFAULT-VALUE}).")
  private String service = "shunt-control-plane";

  @Option(
      names = "--node-service-account",
      paramLabel = "NAME",
      defaultValue = "shunt-node",
      description = "Service account whose pods are nodes (default: ${DEFAULT-VALUE}).")
  private String nodeServiceAccount = "shunt-node";

  @Option(
      names = "--token-audience",
      paramLabel = "NAME",
      defaultValue = "shunt-control-plane",
      description = "Audience that tokens must be for (default: ${DEFAULT-VALUE}).")
  private String audience = "shunt-control-plane";

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      defaultValue = "9465",
      description =
          "Health and Prometheus metrics over HTTP; 0 turns them off (default: ${DEFAULT-VALUE}).")
  private int metricsPort = 9465;

  @Option(
      names = "--metrics-address",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Address of that port (default: ${DEFAULT-VALUE}).")
  private String metricsAddress = "127.0.0.1";

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      defaultValue = "info",
      description = "error, warn, info or debug (default: ${DEFAULT-VALUE}).")
  private LogLevel logLevel = LogLevel.INFO;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    ControlPlaneConfig config = config();
    logLevel.apply();
    try (StopSignal signal = StopSignal.install()) {
      try (ControlPlane plane = ControlPlane.start(config)) {
        System.out.println("shunt control-plane serving: port " + plane.port());
        signal.await();
      }
      signal.stoppedCleanly();
      return ExitCode.OK;
    }
  }

  private ControlPlaneConfig config() {
    OptionValues values = new OptionValues(spec);
    Optional<InetSocketAddress> metrics =
        values.port("--metrics-port", metricsPort) == 0
            ? Optional.empty()
            : Optional.of(values.address("--metrics-address", metricsAddress, metricsPort));
    return new ControlPlaneConfig(
        Optional.ofNullable(kubeconfig),
        values.listen("--listen", listen),
        metrics,
        new Self(namespace, podName, podIp),
        new Names(secret, lease, service, nodeServiceAccount, audience));
  }
}
