package dev.shunt.e2e.bench.filters;

import dev.shunt.cli.ExitCode;
import dev.shunt.cli.OutputOption;
import dev.shunt.e2e.bench.RoundsOption;
import dev.shunt.e2e.verify.SuiteFrame;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code shunt bench filters}. Main thread; a shutdown hook removes the scene after a signal. */
@Command(
    name = "filters",
    description = {
      "Measure what a packet costs in the packet filter programs, by number of rules and of CIDRs:"
          + " in the programs alone, and with traffic over veth next to nftables with the same"
          + " rules.",
      "Everything runs in network namespaces of its own and is removed at the end. Needs root."
    },
    footer = {
      "%nExit codes: 0 10,000 CIDRs cost at most 1.3 times what 10 cost, and less than nftables; 1"
          + " they cost more; 2 wrong usage; 3 cannot run on this host.",
      "%nExample:%n  shunt bench filters --rounds 21"
    })
public final class FilterBenchCommand implements Callable<Integer> {
  @Mixin private OutputOption output;

  @Mixin private RoundsOption rounds;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    int count = rounds.rounds(spec);
    SuiteFrame frame = new SuiteFrame(spec);
    return frame.run(
        teardown -> {
          FilterBenchReport report = new FilterBenchSession(teardown, frame::say).measure(count);
          output.output(spec).result(report.document(), report.text());
          return report.passed() ? ExitCode.OK : ExitCode.NEGATIVE;
        });
  }
}
