package dev.shunt.e2e.bench;

import dev.shunt.cli.CannotRunException;
import dev.shunt.cli.ExitCode;
import dev.shunt.cli.OutputOption;
import dev.shunt.cli.Paint;
import dev.shunt.e2e.bench.BenchOptions.Extent;
import dev.shunt.e2e.bench.filters.FilterBenchCommand;
import dev.shunt.e2e.bench.plane.PlaneBenchCommand;
import dev.shunt.e2e.bench.report.HtmlReport;
import dev.shunt.e2e.bench.socket.Comparison;
import dev.shunt.e2e.bench.telemetry.TelemetryBenchCommand;
import dev.shunt.e2e.scene.AbortHook;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code shunt bench}. Runs on the main thread; a signal removes everything from a shutdown hook.
 */
@Command(
    name = "bench",
    subcommands = {FilterBenchCommand.class, PlaneBenchCommand.class, TelemetryBenchCommand.class},
    description = {
      "Measure on this host what acceleration changes, for the better and for the worse.",
      "Every cell is one kind of traffic, driven plain and accelerated in turns; results are"
          + " medians of the rounds' ratios. Everything runs in cgroups and network namespaces of"
          + " its own and is removed at the end. Needs root."
    },
    footer = {
      "%nExit codes: 0 no goal missed; 1 a goal was missed, or the run failed on the way; 2 wrong"
          + " usage; 3 cannot run on this host. Noise that hides a loss of 5 %% leaves a goal"
          + " undecided.",
      "%nExamples:%n  shunt bench --quick --report bench.html%n  shunt bench --cell pingpong/64B -o"
          + " json"
    })
public final class BenchCommand implements Callable<Integer> {
  @Mixin private OutputOption output;

  @Option(names = "--quick", description = "A cross-section within 5 minutes, instead of 45.")
  private boolean quick;

  @Option(
      names = "--cell",
      paramLabel = "PART",
      description = "Only cells whose name contains PART; may be repeated.")
  private List<String> cells = new ArrayList<>();

  @Option(
      names = "--compare",
      paramLabel = "NAME=SOCKOPS.o,SKMSG.o",
      description =
          "Measure another sockops and sk_msg program too, in a cgroup of its own; may be"
              + " repeated.")
  private List<String> comparisons = new ArrayList<>();

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "Also write a page with plots and all rounds.")
  private @Nullable Path report;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    BenchProgress progress = new BenchProgress(spec.commandLine().getErr(), Paint.isTerminal(2));
    BenchSession session = session(progress);
    AbortHook hook = AbortHook.install("bench", session::abort);
    try {
      BenchReport measured = session.measure(commandLine());
      if (report != null) {
        HtmlReport.write(BenchDocument.of(measured), report);
        progress.phase("wrote " + report);
      }
      output.output(spec).result(BenchDocument.of(measured), BenchTable.of(measured));
      return measured.noGoalMissed() ? ExitCode.OK : ExitCode.NEGATIVE;
    } catch (SceneUnavailableException e) {
      throw new CannotRunException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new CannotRunException("write " + report + " failed: " + e, e);
    } catch (SceneException e) {
      progress.failure(e);
      return ExitCode.NEGATIVE;
    } finally {
      hook.close();
    }
  }

  private BenchSession session(BenchProgress progress) {
    try {
      Extent extent = quick ? Extent.QUICK : Extent.FULL;
      List<Comparison> others = comparisons.stream().map(Comparison::parse).toList();
      return new BenchSession(new BenchOptions(extent, cells, others), progress);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private String commandLine() {
    List<String> words = new ArrayList<>(List.of("shunt"));
    words.addAll(spec.root().commandLine().getParseResult().originalArgs());
    return String.join(" ", words);
  }
}
