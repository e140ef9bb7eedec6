package dev.shunt.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code shunt status}: whether the node is ready, and what is attached where. */
@Command(
    name = "status",
    description = "Show whether the node is ready, its mode, hooks and policies.",
    footer = "%nExit code: 0 when the node is ready, 1 when it is not, 3 when none answers.")
public final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private NodeOption node;
  @Mixin private OutputOption output;

  @Override
  public Integer call() {
    Output out = output.output(spec);
    return node.ask(spec, session -> StatusReport.write(session, out));
  }
}
