package dev.shunt.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code shunt selftest}: proves on real sockets that this kernel keeps TCP's behaviour. */
@Command(
    name = "selftest",
    description = "Run the node's self-test again; live traffic is not touched.",
    footer = "%nExit code: 0 when it passed, 1 when it failed, 3 when no node answers.")
public final class SelftestCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private NodeOption node;
  @Mixin private OutputOption output;

  @Override
  public Integer call() {
    Output out = output.output(spec);
    return node.ask(spec, session -> SelfTestReport.write(session, out));
  }
}
