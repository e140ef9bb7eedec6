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

/** {@code shunt traits}: what the node remembers of workloads. */
@Command(
    name = "traits",
    description = "Show what the node learned of workloads, and what policy says of executables.",
    subcommands = TraitsCommand.Forget.class)
public final class TraitsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private NodeOption node;
  @Mixin private OutputOption output;

  @Override
  public Integer call() {
    Output out = output.output(spec);
    return node.ask(spec, session -> TraitsReport.list(session, out));
  }

  /** {@code shunt traits forget}: learned traits are dropped. */
  @Command(
      name = "forget",
      description = {
        "Forget what was learned of a workload, or of all. Its next connections are tried again;",
        "what it still does is learned anew."
      })
  public static final class Forget implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private NodeOption node;
    @Mixin private OutputOption output;

    @Parameters(
        arity = "0..1",
        paramLabel = "WORKLOAD",
        description =
            "A cgroup, an executable, or CGROUP:EXECUTABLE, as 'shunt traits' shows them.")
    private @Nullable String workload;

    @Option(names = "--all", description = "Every workload.")
    private boolean all;

    @Override
    public Integer call() {
      String name = workload == null ? "" : workload;
      if (all == !name.isEmpty()) {
        throw new ParameterException(spec.commandLine(), "name a workload, or give --all");
      }
      Output out = output.output(spec);
      return node.ask(spec, session -> TraitsReport.forget(session, out, name));
    }
  }
}
