package dev.shunt.e2e.bench;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code --rounds}. Use as a picocli mixin; one thread, the command's. */
public final class RoundsOption {
  private static final int MAX = 1_000;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "9",
      description = "How often each cell is measured, 1 to 1000 (default: ${DEFAULT-VALUE}).")
  private int rounds = 9;

  /**
   * What was asked for.
   *
   * @throws ParameterException it is out of bounds
   */
  public int rounds(CommandSpec spec) {
    if (rounds < 1 || rounds > MAX) {
      throw new ParameterException(
          spec.commandLine(), "--rounds: " + rounds + " (expected: 1 to " + MAX + ")");
    }
    return rounds;
  }
}
