package dev.shunt.cluster;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code shunt policy}: what can be said of policy files without a node or a cluster. */
@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    subcommands = PolicyCheckCommand.class,
    description = "Look at policy files, offline.")
final class PolicyCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given (expected: check)");
  }
}
