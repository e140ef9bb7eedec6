package dev.shunt.e2e.verify;

import dev.shunt.e2e.verify.behaviour.BehaviourCommand;
import dev.shunt.e2e.verify.cluster.ClusterCommand;
import dev.shunt.e2e.verify.faults.FaultsCommand;
import dev.shunt.e2e.verify.filters.FiltersCommand;
import dev.shunt.e2e.verify.kernels.KernelsCommand;
import dev.shunt.e2e.verify.scenes.ScenesCommand;
import dev.shunt.e2e.verify.soak.SoakCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code shunt verify}, the parent of the proofs. Main thread; keeps nothing. */
@Command(
    name = "verify",
    description = "Prove on this host what Shunt promises.",
    subcommands = {
      BehaviourCommand.class,
      ClusterCommand.class,
      FaultsCommand.class,
      FiltersCommand.class,
      KernelsCommand.class,
      ScenesCommand.class,
      SoakCommand.class
    })
public final class VerifyCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name what to verify");
  }
}
