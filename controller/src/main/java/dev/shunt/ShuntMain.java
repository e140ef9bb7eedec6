package dev.shunt;

import dev.shunt.cli.ShuntCommand;

/** Entry point of every process of Shunt; runs one sub-command and ends with its exit code. */
public final class ShuntMain {
  private ShuntMain() {}

  /**
   * Runs the sub-command named by the arguments and exits the JVM.
   *
   * @param args the command line after {@code shunt}
   */
  public static void main(String[] args) {
    System.exit(ShuntCommand.commandLine().execute(args));
  }
}
