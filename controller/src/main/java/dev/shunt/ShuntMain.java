package dev.shunt;

import dev.shunt.cli.ExitCode;
import dev.shunt.cli.ShuntCommand;
import dev.shunt.cli.StandardOutput;

/** Entry point of every process of Shunt; runs one sub-command and ends with its exit code. */
public final class ShuntMain {
  private ShuntMain() {}

  /**
   * Runs the sub-command named by the arguments and exits the JVM.
   *
   * @param args the command line after {@code shunt}
   */
  public static void main(String[] args) {
    StandardOutput out = new StandardOutput();
    int code = ShuntCommand.commandLine().setOut(out.writer()).execute(args);
    String failure = out.finish();
    if (!failure.isEmpty()) {
      System.err.println("shunt: " + failure);
    }
    System.exit(failure.isEmpty() ? code : ExitCode.CANNOT_RUN);
  }
}
