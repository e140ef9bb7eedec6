package dev.shunt.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code shunt denials}: what filters refuse, as it happens. */
@Command(
    name = "denials",
    description = {
      "Print what filters refuse, and what monitoring rules would, as it happens: for 10 seconds, as",
      "long as --duration says, or with --watch until interrupted."
    },
    footer = "%nWith -o json: one object a line.")
public final class DenialsCommand implements Callable<Integer> {
  private static final int DURATION_DEFAULT = 10;
  private static final int DURATION_MAX = 86_400;

  @Spec private CommandSpec spec;
  @Mixin private NodeOption node;
  @Mixin private OutputOption output;

  @Option(names = "--watch", description = "Until interrupted.")
  private boolean watch;

  @Option(
      names = "--duration",
      paramLabel = "SECONDS",
      description = "1..86400 (default: ${DEFAULT-VALUE}).")
  private int duration = DURATION_DEFAULT;

  @Option(names = "--limit", paramLabel = "N", description = "End after so many; 0 means never.")
  private int limit;

  @Override
  public Integer call() {
    if (duration < 1 || duration > DURATION_MAX) {
      throw new ParameterException(
          spec.commandLine(), "--duration: " + duration + " (expected: 1..86400)");
    }
    if (limit < 0) {
      throw new ParameterException(
          spec.commandLine(), "--limit: " + limit + " (expected: 0 or more)");
    }
    DenialsReport report = new DenialsReport(output.output(spec), limit);
    return node.ask(
        spec, session -> watch ? report.watch(session) : report.look(session, duration));
  }
}
