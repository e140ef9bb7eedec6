package dev.shunt.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code shunt mode}: shows or sets the mode that outranks policy. */
@Command(
    name = "mode",
    description = {
      "Show the host's mode, or set one that outranks policy and survives restarts.",
      "Live connections follow within a second."
    })
public final class ModeCommand implements Callable<Integer> {
  /** What can be asked for; spelled as typed. */
  public enum Wish {
    accelerate,
    observe,
    off,
    policy
  }

  @Spec private CommandSpec spec;
  @Mixin private NodeOption node;
  @Mixin private OutputOption output;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODE",
      description = {
        "One of: ${COMPLETION-CANDIDATES}.",
        "policy gives the decision back to the policies."
      })
  private @Nullable Wish wish;

  @Override
  public Integer call() {
    Output out = output.output(spec);
    String name = wish == null ? "" : wish.name();
    return node.ask(spec, session -> ModeReport.write(session, out, name));
  }
}
