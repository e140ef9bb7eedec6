package dev.shunt.e2e.bench.telemetry;

import dev.shunt.cli.CannotRunException;
import dev.shunt.cli.ExitCode;
import dev.shunt.cli.OutputOption;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.LibbpfMissingException;
import dev.shunt.e2e.scene.AbortHook;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneUnavailableException;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code shunt bench telemetry}. Main thread; a shutdown hook removes the scene after a signal. */
@Command(
    name = "telemetry",
    description = {
      "Measure what telemetry modules cost: HTTP requests a second and CPU a request, with a module"
          + " off and on in turns.",
      "Everything runs in a network namespace of its own and is removed at the end. Needs root."
    },
    footer = {
      "%nExit codes: 0 no module surely costs 1 %% of the requests, http 5 %%; 1 one does; 2 wrong"
          + " usage; 3 cannot run on this host.",
      "%nExample:%n  shunt bench telemetry --rounds 15"
    })
public final class TelemetryBenchCommand implements Callable<Integer> {
  private static final int ROUNDS_MAX = 1_000;

  @Mixin private OutputOption output;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description =
          "How often each cell is measured, 1 to 1000; 60 s each (default: ${DEFAULT-VALUE}).")
  private int rounds = 7;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (rounds < 1 || rounds > ROUNDS_MAX) {
      throw new ParameterException(
          spec.commandLine(), "--rounds: " + rounds + " (expected: 1 to " + ROUNDS_MAX + ")");
    }
    TelemetryBench bench = new TelemetryBench(this::say);
    AbortHook hook = AbortHook.install("bench-telemetry", bench::close);
    try (bench) {
      TelemetryReport report = bench.measure(rounds);
      output.output(spec).result(report.document(), report.text());
      return report.noGoalMissed() ? ExitCode.OK : ExitCode.NEGATIVE;
    } catch (LibbpfMissingException
        | BpfException
        | TraceRefusedException
        | SceneUnavailableException e) {
      throw new CannotRunException(String.valueOf(e.getMessage()), e);
    } catch (SceneException e) {
      if (!bench.isClosed()) {
        throw e;
      }
      return ExitCode.NEGATIVE;
    } finally {
      hook.close();
    }
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }
}
