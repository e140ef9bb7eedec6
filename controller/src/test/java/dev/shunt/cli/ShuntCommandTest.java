package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class ShuntCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine line =
      ShuntCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

  @Command(name = "impossible")
  static final class ImpossibleCommand implements Runnable {
    @Override
    public void run() {
      throw new CannotRunException("load libbpf.so.1 failed; install the package libbpf1");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          version --colour   | shunt: Unknown option: '--colour'            | Try 'shunt version --help'.
          version -o xml     | shunt: Invalid value for option '--output'   | Try 'shunt version --help'.
          accelerate         | shunt: unknown command 'accelerate'          | Try 'shunt --help'.
          ''                 | shunt: no command given                      | Try 'shunt --help'.
          """)
  void execute_wrongUsage_oneLineAndHint(String args, String message, String hint) {
    int code = line.execute(args.isEmpty() ? new String[0] : args.split(" +"));

    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).startsWith(message).endsWith(hint + System.lineSeparator());
    assertThat(err.toString().lines()).hasSize(2);
  }

  @Test
  void execute_mistypedCommand_suggestsTheRightOne() {
    assertThat(line.execute("versoin")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString().lines())
        .containsExactly(
            "shunt: unknown command 'versoin'", "Did you mean 'version'? Try 'shunt --help'.");
  }

  @Test
  void execute_prerequisiteMissing_oneLineAndCannotRun() {
    line.addSubcommand(new ImpossibleCommand());
    // Picocli hands settings down only to the sub-commands that exist when they are set.
    line.setExecutionExceptionHandler(line.getExecutionExceptionHandler());
    line.setErr(line.getErr());

    assertThat(line.execute("impossible")).isEqualTo(ExitCode.CANNOT_RUN);
    assertThat(err.toString().strip())
        .isEqualTo("shunt: load libbpf.so.1 failed; install the package libbpf1");
  }

  @Test
  void version_json_oneDocumentWithTheBuildsVersion() {
    assertThat(line.execute("version", "-o", "json")).isEqualTo(ExitCode.OK);
    assertThat(out.toString().lines()).hasSize(1);
    assertThat(out.toString()).startsWith("{\"version\": \"").doesNotContain("${");
  }

  @Test
  void completion_bash_namesTheSubcommands() {
    assertThat(line.execute("completion", "bash")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("#!/usr/bin/env bash", "completion", "version");
  }
}
