package dev.shunt.cli;

import picocli.CommandLine.Option;

/** The {@code -o} option that every command with a result shares. Use as a picocli mixin. */
public final class OutputOption {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "Output format: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private OutputFormat format = OutputFormat.TABLE;

  /** The format that was asked for; {@link OutputFormat#TABLE} by default. */
  public OutputFormat format() {
    return format;
  }
}
