package dev.shunt.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which node to ask. Use as a picocli mixin; it names no gRPC class, so that help stays fast. */
public final class NodeOption {
  @Option(
      names = "--socket",
      paramLabel = "PATH",
      defaultValue = "${env:SHUNT_SOCKET:-/run/shunt/node.sock}",
      description = "Unix socket of the node (env SHUNT_SOCKET; default: /run/shunt/node.sock).")
  private Path socket = Path.of("/run/shunt/node.sock");

  @Option(
      names = "--node",
      paramLabel = "HOST:PORT",
      description = "TLS port of a node, instead of the socket. Needs --tls-ca, -cert and -key.")
  private @Nullable String address;

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description = "PEM certificates that sign the node's certificate.")
  private @Nullable Path ca;

  @Option(names = "--tls-cert", paramLabel = "FILE", description = "PEM certificate of the caller.")
  private @Nullable Path certificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "PEM key of the caller.")
  private @Nullable Path key;

  /** Asks the node; a failed call becomes one line and an exit code. */
  public int ask(CommandSpec spec, NodeTask task) {
    return NodeSession.run(target(spec), task);
  }

  /** The node that was named. */
  NodeTarget target(CommandSpec spec) {
    if (new ClusterOption().isGiven(spec)) {
      throw new ParameterException(
          spec.commandLine(), "--cluster: a node answers this; use --node or --socket");
    }
    if (address == null) {
      return new NodeTarget(socket, Optional.empty());
    }
    if (ca == null || certificate == null || key == null) {
      throw new ParameterException(
          spec.commandLine(), "--node needs --tls-ca, --tls-cert and --tls-key");
    }
    return new NodeTarget(socket, Optional.of(remote(spec, address, ca, certificate, key)));
  }

  private static NodeTarget.Remote remote(
      CommandSpec spec, String address, Path ca, Path certificate, Path key) {
    HostPort node = new OptionValues(spec).read(() -> HostPort.to("--node", address));
    return new NodeTarget.Remote(node.host(), node.port(), ca, certificate, key);
  }
}
