package dev.shunt.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code shunt traits}: what the node remembers of workloads, and forgetting it. */
@Command(
    name = "traits",
    description = {
      "Show what the node learned of workloads, and what policy says of executables; or forget what",
      "was learned: the next connections are tried again, what they still do is learned anew."
    })
public final class TraitsCommand implements Callable<Integer> {
  /** What can be done besides listing; spelled as typed. */
  public enum Action {
    forget
  }

  @Spec private CommandSpec spec;
  @Mixin private NodeOption node;
  @Mixin private OutputOption output;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ACTION",
      description = "One of: ${COMPLETION-CANDIDATES}. Lists when left out.")
  private @Nullable Action action;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "WORKLOAD",
      description = "A cgroup, an executable, or CGROUP:EXECUTABLE, as listed.")
  private @Nullable String workload;

  @Option(names = "--all", description = "Forget what was learned of every workload.")
  private boolean all;

  @Override
  public Integer call() {
    Output out = output.output(spec);
    String name = workload == null ? "" : workload;
    if (action == null) {
      if (all) {
        throw new ParameterException(spec.commandLine(), "--all: only with 'forget'");
      }
      return node.ask(spec, session -> TraitsReport.list(session, out));
    }
    if (all == !name.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "forget: name a workload, or give --all (expected: one of the two)");
    }
    return node.ask(spec, session -> TraitsReport.forget(session, out, name));
  }
}
