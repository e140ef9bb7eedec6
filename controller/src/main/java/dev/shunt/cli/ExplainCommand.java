package dev.shunt.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code shunt explain}: which step a connection is at, and why no further. */
@Command(
    name = "explain",
    description = "Say which step a connection is at, why it goes no further, and what would help.",
    footer = "%nExit code: 1 when no connection, or more than one, matches.")
public final class ExplainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private NodeOption node;
  @Mixin private OutputOption output;

  @Parameters(
      paramLabel = "CONNECTION",
      description = {
        "ip:port or [ip6]:port of one end, local->remote in quotes,",
        "or a socket cookie (last column of 'shunt connections')."
      })
  private String connection;

  @Override
  public Integer call() {
    ExplainReport report = new ExplainReport(output.output(spec), connection);
    return node.ask(spec, report::write);
  }
}
