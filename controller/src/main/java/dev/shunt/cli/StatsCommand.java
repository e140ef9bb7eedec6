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

  @Spec private CommandSpec spec;
  @Mixin private NodeOption node;
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

  @Override
  public Integer call() {
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
