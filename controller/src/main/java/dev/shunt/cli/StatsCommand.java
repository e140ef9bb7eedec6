package dev.shunt.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code shunt stats}: totals, which outlive connections and restarts. */
@Command(
    name = "stats",
    description =
        "Show what was redirected, what went by TCP, and why; totals since the first start.")
public final class StatsCommand implements Callable<Integer> {
  private static final double SECONDS_MIN = 0.1;
  private static final double SECONDS_MAX = 3600;
  private static final int ROWS_MAX = 1000;

  @Spec private CommandSpec spec;
  @Mixin private NodeOption node;
  @Mixin private ClusterOption cluster;
  @Mixin private OutputOption output;

  @Option(
      names = "--watch",
      arity = "0..1",
      fallbackValue = "1",
      paramLabel = "SECONDS",
      description = "Repeat every so many seconds (0.1..3600, default 1) until interrupted.")
  private @Nullable Double watch;

  @Option(names = "--by-endpoint", description = "One row for each endpoint.")
  private boolean byEndpoint;

  @Option(
      names = "--by",
      paramLabel = "WHAT",
      description =
          "With --cluster: one row for each workload, namespace, node or pod (default: workload).")
  private @Nullable ClusterRows by;

  @Option(
      names = "--of-namespace",
      paramLabel = "NAME",
      description = "With --cluster: only pods of this namespace.")
  private String namespace = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "With --cluster: at most so many rows, 1..1000 (default: 1000).")
  private int limit = ROWS_MAX;

  @Override
  public Integer call() {
    if (cluster.isGiven(spec)) {
      return ofCluster();
    }
    if (by != null || !namespace.isEmpty() || limit != ROWS_MAX) {
      throw new ParameterException(
          spec.commandLine(), "--by, --of-namespace and --limit need --cluster");
    }
    return ofNode();
  }

  private int ofCluster() {
    if (watch != null || byEndpoint) {
      throw new ParameterException(
          spec.commandLine(), "--watch and --by-endpoint do not go with --cluster");
    }
    if (limit < 1 || limit > ROWS_MAX) {
      throw new ParameterException(
          spec.commandLine(), "--limit: " + limit + " (expected: 1.." + ROWS_MAX + ")");
    }
    ClusterReport report = new ClusterReport(output.output(spec));
    ClusterRows rows = by == null ? ClusterRows.WORKLOAD : by;
    return cluster.ask(spec, session -> report.stats(session, rows, namespace, limit));
  }

  private int ofNode() {
    Output out = output.output(spec);
    StatsReport report = new StatsReport(out, byEndpoint ? StatsView.ENDPOINTS : StatsView.TOTALS);
    if (watch == null) {
      return node.ask(spec, report::once);
    }
    double seconds = watch;
    if (!(seconds >= SECONDS_MIN && seconds <= SECONDS_MAX)) {
      throw new ParameterException(
          spec.commandLine(), "--watch: " + watch + " (expected: 0.1..3600 seconds)");
    }
    return node.ask(spec, session -> report.watch(session, seconds));
  }
}
