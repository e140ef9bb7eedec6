package dev.shunt.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code shunt preflight}: whether this host can run Shunt; needs no node. */
@Command(
    name = "preflight",
    description = "Check whether this host can run Shunt; each line with its remedy.",
    footer = "%nExit code: 0 when it can, 1 when a check failed.")
public final class PreflightCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private OutputOption output;

  @Option(
      names = "--root",
      hidden = true,
      paramLabel = "DIR",
      defaultValue = "/",
      description = "Look at the /proc and /sys below this directory.")
  private Path root = Path.of("/");

  @Override
  public Integer call() {
    return PreflightReport.write(output.output(spec), root);
  }
}
