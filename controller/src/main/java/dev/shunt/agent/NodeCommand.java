package dev.shunt.agent;

import dev.shunt.agent.AgentConfig.Cluster;
import dev.shunt.agent.AgentConfig.Discovery;
import dev.shunt.agent.AgentConfig.OnStop;
import dev.shunt.agent.AgentConfig.Places;
import dev.shunt.agent.AgentConfig.Scope;
import dev.shunt.cli.LogLevel;
import dev.shunt.cli.OptionValues;
import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.publish.grpc.NodeServerConfig;
import dev.shunt.publish.grpc.NodeServerConfig.TapAccess;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code shunt node}: runs the node in the foreground until SIGTERM or SIGINT. */
@Command(
    name = "node",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Run the node: accelerate this host until stopped.")
final class NodeCommand implements Callable<Integer> {
  private static final int TRAIT_TTL_MAX = 365 * 24 * 3600;
  private static final int SPEED_CHECK_MAX = 24 * 3600;

  @Option(
      names = "--socket",
      paramLabel = "FILE",
      defaultValue = "/run/shunt/node.sock",
      description = "Unix socket of the API (default: ${DEFAULT-VALUE}).")
  private Path socket = Path.of("/run/shunt/node.sock");

  @Option(
      names = "--pin-dir",
      paramLabel = "DIR",
      defaultValue = "/sys/fs/bpf/shunt",
      description = "Where programs and maps are pinned, on a bpffs (default: ${DEFAULT-VALUE}).")
  private Path pinDirectory = Path.of("/sys/fs/bpf/shunt");

  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      defaultValue = "/var/lib/shunt",
      description = "What survives restarts, such as the mode (default: ${DEFAULT-VALUE}).")
  private Path stateDirectory = Path.of("/var/lib/shunt");

  @Option(
      names = "--policy-dir",
      paramLabel = "DIR",
      defaultValue = "/etc/shunt/policies",
      description = "Policy files, reloaded on change (default: ${DEFAULT-VALUE}).")
  private Path policyDirectory = Path.of("/etc/shunt/policies");

  @Option(
      names = "--cgroup",
      paramLabel = "DIR",
      description = "Cover this cgroup v2 directory; repeatable (default: the whole hierarchy).")
  private List<Path> cgroups = List.of();

  @Option(
      names = "--netns",
      paramLabel = "NAME",
      description =
          "Watch this network namespace: 'host', a name under /run/netns or a path; repeatable"
              + " (default: host).")
  private List<String> namespaces = List.of();

  @Option(
      names = "--discover-netns",
      description = "Also watch every namespace under /run/netns, as they come and go.")
  private boolean discover;

  @Option(
      names = "--on-stop",
      paramLabel = "drain|keep",
      defaultValue = "drain",
      description =
          "drain: traffic back to TCP, everything detached. keep: traffic stays accelerated, the"
              + " next start takes over (default: ${DEFAULT-VALUE}).")
  private OnStop onStop = OnStop.DRAIN;

  @Option(
      names = "--trait-ttl",
      paramLabel = "SECONDS",
      defaultValue = "3600",
      description =
          "Forget a trait of a workload that was not seen for so long, 1..31536000 (default:"
              + " ${DEFAULT-VALUE}).")
  private int traitTtl = 3600;

  @Option(
      names = "--speed-check",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description =
          "Compare each busy endpoint with itself on TCP so often, 1..86400; 0: never (default:"
              + " ${DEFAULT-VALUE}).")
  private int speedCheck = 600;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      defaultValue = "9464",
      description = "Prometheus metrics over HTTP; 0 turns them off (default: ${DEFAULT-VALUE}).")
  private int metricsPort = 9464;

  @Option(
      names = "--metrics-address",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Address of the metrics port (default: ${DEFAULT-VALUE}).")
  private String metricsAddress = "127.0.0.1";

  @Option(
      names = "--libbpf",
      paramLabel = "FILE",
      description = "libbpf.so to use instead of the distribution's.")
  private @Nullable String libbpf;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      defaultValue = "info",
      description = "error, warn, info or debug (default: ${DEFAULT-VALUE}).")
  private LogLevel logLevel = LogLevel.INFO;

  @ArgGroup(exclusive = false)
  private @Nullable TlsOptions tls;

  @ArgGroup(exclusive = false)
  private @Nullable KubernetesOptions kubernetes;

  @ArgGroup(exclusive = false)
  private @Nullable OtlpOptions otlp;

  @Spec private @Nullable CommandSpec spec;

  /** The optional TLS port; its options go together. */
  static final class TlsOptions {
    @Option(
        names = "--tls-port",
        paramLabel = "PORT",
        required = true,
        description = "Serve the API over TLS 1.3 as well; callers must show a certificate.")
    private int port;

    @Option(
        names = "--tls-cert",
        paramLabel = "FILE",
        required = true,
        description = "PEM certificate chain of the node.")
    private @Nullable Path certificate;

    @Option(
        names = "--tls-key",
        paramLabel = "FILE",
        required = true,
        description = "PEM private key (PKCS#8) of the node.")
    private @Nullable Path key;

    @Option(
        names = "--tls-client-ca",
        paramLabel = "FILE",
        required = true,
        description = "PEM certificates that sign callers' certificates.")
    private @Nullable Path clientCa;

    @Option(
        names = "--tls-allow-tap",
        description = "Let callers of the TLS port open taps too, which show payload.")
    private boolean allowTap;
  }

  @Override
  public Integer call() throws Exception {
    logLevel.apply();
    return AgentMain.run(config());
  }

  private AgentConfig config() {
    OptionValues values = new OptionValues(spec);
    Scope scope =
        new Scope(
            cgroups,
            namespaces.isEmpty() ? List.of(NetworkNamespace.HOST) : namespaces,
            discover ? Discovery.NAMED : Discovery.GIVEN);
    Optional<InetSocketAddress> metrics =
        values.port("--metrics-port", metricsPort) == 0
            ? Optional.empty()
            : Optional.of(values.address("--metrics-address", metricsAddress, metricsPort));
    return new AgentConfig(
        new Places(pinDirectory, stateDirectory, policyDirectory, Optional.ofNullable(libbpf)),
        scope,
        new NodeServerConfig(socket, Optional.ofNullable(tls).map(given -> tls(values, given))),
        metrics,
        onStop,
        traitTtl(values),
        speedCheck(values),
        cluster(values),
        Optional.ofNullable(otlp).map(given -> values.read(given::config)));
  }

  private Optional<Cluster> cluster(OptionValues values) {
    return Optional.ofNullable(kubernetes)
        .map(
            given ->
                values
                    .read(given::cluster)
                    .orElseThrow(
                        () -> values.usage("--kubernetes needs --node-name, or NODE_NAME set")));
  }

  private Duration speedCheck(OptionValues values) {
    if (speedCheck < 0 || speedCheck > SPEED_CHECK_MAX) {
      throw values.usage(
          "--speed-check: " + speedCheck + " (expected: 0.." + SPEED_CHECK_MAX + ")");
    }
    return Duration.ofSeconds(speedCheck);
  }

  private Duration traitTtl(OptionValues values) {
    if (traitTtl < 1 || traitTtl > TRAIT_TTL_MAX) {
      throw values.usage("--trait-ttl: " + traitTtl + " (expected: 1.." + TRAIT_TTL_MAX + ")");
    }
    return Duration.ofSeconds(traitTtl);
  }

  private static NodeServerConfig.Tls tls(OptionValues values, TlsOptions options) {
    if (options.certificate == null || options.key == null || options.clientCa == null) {
      throw values.usage("--tls-port needs --tls-cert, --tls-key and --tls-client-ca");
    }
    return new NodeServerConfig.Tls(
        new InetSocketAddress(values.port("--tls-port", options.port)),
        options.certificate,
        options.key,
        options.clientCa,
        options.allowTap ? TapAccess.ALLOWED : TapAccess.REFUSED);
  }
}
