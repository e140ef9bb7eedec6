package dev.shunt.e2e.verify.soak;

import dev.shunt.cli.ExitCode;
import dev.shunt.cli.OutputOption;
import dev.shunt.e2e.verify.SuiteFrame;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code shunt verify soak}. Main thread. */
@Command(
    name = "soak",
    description = {
      "Keep a node busy for a while and see whether it grows: checksummed load, new connections all"
          + " the time, modes that flip, pods that restart.",
      "Works in network namespaces and a cgroup of its own and removes them at the end. Needs root."
    },
    footer = {
      "%nExit codes: 0 nothing grew, no byte was lost or changed; 1 something was; 2 wrong usage; 3"
          + " cannot run on this host.",
      "%nExample:%n  shunt verify soak --minutes 30"
    })
public final class SoakCommand implements Callable<Integer> {
  private static final int MINUTES_MAX = 10_000;

  @Mixin private OutputOption output;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "30",
      description = "How long, 1 to 10000 (default: ${DEFAULT-VALUE}).")
  private int minutes = 30;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (minutes < 1 || minutes > MINUTES_MAX) {
      throw new ParameterException(
          spec.commandLine(), "--minutes: " + minutes + " (expected: 1 to " + MINUTES_MAX + ")");
    }
    SuiteFrame frame = new SuiteFrame(spec);
    return frame.run(
        teardown -> {
          SoakReport report = new Soak(teardown, frame::say).run(Duration.ofMinutes(minutes));
          output.output(spec).result(report.document(), report.text());
          return report.passed() ? ExitCode.OK : ExitCode.NEGATIVE;
        });
  }
}
