package dev.shunt.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code shunt test}, for the help page and the shell completion: the launcher of a source checkout
 * runs the tests with Maven and never gets here.
 */
@Command(name = "test", description = "Run the tests and the static analysis of this source tree.")
public final class TestCommand implements Runnable {
  @Option(
      names = "--unit",
      description = "Only what needs neither root nor a kernel: unit tests and static analysis.")
  private boolean unit;

  @Option(
      names = "--module",
      paramLabel = "MODULE",
      description =
          "Only this module (proto, bpf, controller, e2e, charts) and those it depends on.")
  private String module = "";

  @Override
  public void run() {
    String options = (unit ? " --unit" : "") + (module.isEmpty() ? "" : " --module " + module);
    throw new CannotRunException(
        "tests need the source tree; run ./shunt test" + options + " in a checkout");
  }
}
