package dev.shunt.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * Which control plane to ask, instead of a node. Use as a picocli mixin; the root has it too, so
 * that {@code shunt --cluster HOST:PORT stats} is the same as {@code shunt stats --cluster ...}. It
 * names no gRPC class, so that help stays fast.
 */
public final class ClusterOption {
  @Option(
      names = "--cluster",
      paramLabel = "HOST:PORT",
      description = "Ask this control plane about the whole cluster, instead of a node.")
  private @Nullable String address;

  @Option(
      names = "--cluster-ca",
      paramLabel = "FILE",
      description =
          "PEM certificate of the control plane's authority (env SHUNT_CLUSTER_CA): ca.crt of its"
              + " ConfigMap.")
  private @Nullable Path ca;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "Token for the control plane's audience (env SHUNT_TOKEN_FILE), as 'kubectl create token"
              + " NAME --audience=shunt-control-plane' prints it.")
  private @Nullable Path token;

  /** Whether a control plane is named here or at the root. */
  boolean isGiven(CommandSpec spec) {
    return address != null || root(spec).address != null;
  }

  /** Asks the control plane; a failed call becomes one line and an exit code. */
  int ask(CommandSpec spec, ClusterTask task) {
    return ClusterSession.run(target(spec), task);
  }

  private ClusterTarget target(CommandSpec spec) {
    ClusterOption root = root(spec);
    String named = address == null ? root.address : address;
    if (named == null) {
      throw usage(spec, "give --cluster HOST:PORT: only a control plane can answer this");
    }
    Path authority = file(ca, root.ca, "SHUNT_CLUSTER_CA");
    Path identity = file(token, root.token, "SHUNT_TOKEN_FILE");
    if (authority == null || identity == null) {
      throw usage(spec, "--cluster needs --cluster-ca and --token-file");
    }
    HostPort plane = new OptionValues(spec).read(() -> HostPort.to("--cluster", named));
    return new ClusterTarget(plane.host(), plane.port(), authority, identity);
  }

  private static @Nullable Path file(@Nullable Path here, @Nullable Path atRoot, String variable) {
    if (here != null || atRoot != null) {
      return here != null ? here : atRoot;
    }
    return Optional.ofNullable(System.getenv(variable)).map(Path::of).orElse(null);
  }

  private static ClusterOption root(CommandSpec spec) {
    return spec.root().userObject() instanceof ShuntCommand command
        ? command.cluster()
        : new ClusterOption();
  }

  private static ParameterException usage(CommandSpec spec, String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
