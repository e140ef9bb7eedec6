package dev.shunt.e2e.bench.telemetry;

import dev.shunt.cli.CannotRunException;
import dev.shunt.cli.ExitCode;
import dev.shunt.cli.OutputOption;
import dev.shunt.e2e.bench.RoundsOption;
import dev.shunt.e2e.verify.ReportOption;
import dev.shunt.e2e.verify.SuiteFrame;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code shunt bench telemetry}. Main thread; a shutdown hook removes the scene after a signal. */
@Command(
    name = "telemetry",
    description = {
      "Measure what telemetry modules cost: HTTP requests a second and CPU a request, with a module"
          + " off and on in turns; on sockets that a node accelerates too. What a node costs that"
          + " traces nothing is in the first rows. The kernel counts the time in a module's programs"
          + " besides, which decides what the slices cannot.",
      "Everything runs in network namespaces and cgroups of its own and is removed at the end. A"
          + " round takes some 80 seconds. Needs root."
    },
    footer = {
      "%nExit codes: 0 no module surely costs more than its goal; 1 one does, or the run failed on"
          + " the way; 2 wrong usage; 3 cannot run on this host.",
      "%nExample:%n  shunt bench telemetry --rounds 15 --report docs/telemetry.md"
    })
public final class TelemetryBenchCommand implements Callable<Integer> {
  @Mixin private OutputOption output;

  @Mixin private RoundsOption rounds;

  @Mixin private ReportOption report;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    int count = rounds.rounds(spec);
    SuiteFrame frame = new SuiteFrame(spec);
    return frame.run(
        teardown -> {
          TelemetryReport measured = measure(new TelemetryBench(teardown, frame::say), count);
          report.write(page -> TelemetryPage.updated(page, measured, TelemetryReport.machine()));
          output.output(spec).result(measured.document(), measured.text());
          return measured.noGoalMissed() ? ExitCode.OK : ExitCode.NEGATIVE;
        });
  }

  private static TelemetryReport measure(TelemetryBench bench, int rounds) {
    try {
      return bench.measure(rounds);
    } catch (TraceRefusedException refused) {
      throw new CannotRunException(String.valueOf(refused.getMessage()), refused);
    }
  }
}
