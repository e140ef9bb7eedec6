package dev.shunt.agent;

import dev.shunt.agent.removal.ApiServer;
import dev.shunt.agent.removal.DaemonSetRemoval;
import dev.shunt.agent.removal.DaemonSetRemoval.Result;
import dev.shunt.agent.removal.DaemonSetRemoval.Target;
import dev.shunt.cli.CommandException;
import dev.shunt.cli.ExitCode;
import dev.shunt.cli.Output;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code shunt uninstall} for the nodes of a cluster; they go together. */
final class ClusterRemoval {
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int TIMEOUT_MAX = 3600;

  @Option(
      names = "--daemonset",
      paramLabel = "NAME",
      required = true,
      description =
          "In a pod: remove it from every node of the cluster, by the pods of this DaemonSet.")
  private @Nullable String daemonSet;

  @Option(
      names = "--namespace",
      paramLabel = "NAMESPACE",
      required = true,
      description = "Namespace of the DaemonSet.")
  private @Nullable String namespace;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "How long to wait for the nodes, 1..3600 (default: ${DEFAULT-VALUE}).")
  private int timeout = 300;

  Target target() {
    if (daemonSet == null || namespace == null) {
      throw new IllegalStateException("options were not parsed");
    }
    return new Target(namespace, daemonSet);
  }

  /** Returns the exit code; {@code arguments} are what each pod runs. */
  int run(List<String> arguments, Output out, PrintWriter progress) {
    if (timeout < 1 || timeout > TIMEOUT_MAX) {
      throw new CommandException(
          ExitCode.USAGE, "--timeout: " + timeout + " (expected: 1.." + TIMEOUT_MAX + ")");
    }
    DaemonSetRemoval removal =
        new DaemonSetRemoval(ApiServer.ofPod(System.getenv(), ApiServer.ACCOUNT), target(), POLL);
    Result result =
        removal.run(
            arguments,
            Duration.ofSeconds(timeout),
            sentence -> {
              progress.println("shunt: " + sentence);
              progress.flush();
            });
    report(result, out);
    return result.complete() ? ExitCode.OK : ExitCode.NEGATIVE;
  }

  private void report(Result result, Output out) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("nodes", result.wanted());
    document.put("done", result.done());
    document.put("missing", List.copyOf(result.missing().keySet()));
    out.result(document, text(result));
  }

  private String text(Result result) {
    if (result.complete()) {
      return "removed on %d nodes\n".formatted(result.wanted());
    }
    String nodes =
        result.missing().entrySet().stream()
            .map(node -> node.getKey() + " (" + node.getValue() + ")")
            .collect(Collectors.joining(", "));
    return "removed on %d of %d nodes within %d s; not on: %s; run it again, or 'shunt uninstall' there%n"
        .formatted(result.done(), result.wanted(), timeout, nodes.isEmpty() ? "unknown" : nodes);
  }
}
