package dev.shunt.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options about output that every command with a result shares. Use as a picocli mixin. */
public final class OutputOption {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "Output format: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private OutputFormat format = OutputFormat.TABLE;

  @Option(
      names = "--no-color",
      description = "Never colour the output; it is plain anyway when it goes to a file or pipe.")
  private boolean plain;

  /** The format that was asked for; {@link OutputFormat#TABLE} by default. */
  public OutputFormat format() {
    return format;
  }

  /** Where the result of the command goes. */
  public Output output(CommandSpec spec) {
    Paint paint = plain || format != OutputFormat.TABLE ? Paint.PLAIN : Paint.ofStandardOutput();
    return new Output(spec.commandLine().getOut(), format, paint);
  }
}
