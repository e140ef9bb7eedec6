package dev.shunt.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code shunt top}: a live view of what is redirected, for whom, and why not more. */
@Command(
    name = "top",
    description = {
      "Live view: rates, endpoints by bytes redirected, reasons. Ends with q or Ctrl-C.",
      "Without a terminal it writes one line for each interval."
    })
public final class TopCommand implements Callable<Integer> {
  private static final double SECONDS_MIN = 0.1;
  private static final double SECONDS_MAX = 3600;

  @Spec private CommandSpec spec;
  @Mixin private NodeOption node;

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      defaultValue = "1",
      description = "Seconds between two views, 0.1..3600 (default: 1).")
  private double seconds = 1;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "End after so many views; 0 means never.")
  private int count;

  @Override
  public Integer call() {
    if (!(seconds >= SECONDS_MIN && seconds <= SECONDS_MAX)) {
      throw new ParameterException(
          spec.commandLine(), "--interval: " + seconds + " (expected: 0.1..3600 seconds)");
    }
    TopView view = new TopView(spec.commandLine().getOut(), seconds, count);
    return node.ask(spec, view::run);
  }
}
