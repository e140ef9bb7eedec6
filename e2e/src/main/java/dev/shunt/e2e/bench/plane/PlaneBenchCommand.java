package dev.shunt.e2e.bench.plane;

import dev.shunt.cli.CannotRunException;
import dev.shunt.cli.ExitCode;
import dev.shunt.cli.OutputOption;
import dev.shunt.e2e.bench.report.HtmlReport;
import dev.shunt.e2e.scene.SceneException;
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

/** {@code shunt bench control-plane}. Main thread; a shutdown hook ends its processes. */
@Command(
    name = "control-plane",
    description = {
      "Measure how fast a control plane tells simulated nodes what changed, and what that costs.",
      "Nodes have connections of their own over loopback, with TLS and certificates. Facts come in"
          + " where the watches of the API server end: there is no API server. Needs no root."
    },
    footer = {
      "%nExit codes: 0 all goals met; 1 one was missed, or the run failed on the way; 2 wrong"
          + " usage; 3 cannot run on this host.",
      "%nExample:%n  shunt bench control-plane --report plane.html"
    })
public final class PlaneBenchCommand implements Callable<Integer> {
  private static final int NODES_MAX = 10_000;
  private static final int PODS_MAX = 1_000;

  @Mixin private OutputOption output;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      split = ",",
      defaultValue = "250,500,1000,2000",
      description = "Sizes of the cluster, 1..10000 (default: ${DEFAULT-VALUE}).")
  private List<Integer> nodes = List.of();

  @Option(
      names = "--pods",
      paramLabel = "N",
      defaultValue = "50",
      description = "Pods of each node, 1..1000 (default: ${DEFAULT-VALUE}).")
  private int pods = 50;

  @Option(
      names = "--other-pods",
      paramLabel = "N",
      split = ",",
      defaultValue = "10,200",
      description =
          "Further numbers of pods of a node, with a quarter of the last size (default:"
              + " ${DEFAULT-VALUE}).")
  private List<Integer> otherPods = List.of();

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "Also write a page with plots.")
  private @Nullable Path report;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    check("--nodes", nodes, 1, NODES_MAX);
    check("--pods", List.of(pods), 1, PODS_MAX);
    check("--other-pods", otherPods, 1, PODS_MAX);
    PlaneBench bench = new PlaneBench(Effort.FULL, this::say);
    Thread hook = new Thread(bench::close, "bench-plane-abort");
    Runtime.getRuntime().addShutdownHook(hook);
    try (bench) {
      PlaneBenchReport measured = bench.measure(nodes, pods, otherPods);
      if (report != null) {
        HtmlReport.writePlane(measured.document(commandLine()), report);
        say("wrote " + report);
      }
      output.output(spec).result(measured.document(commandLine()), measured.text());
      return measured.passed() ? ExitCode.OK : ExitCode.NEGATIVE;
    } catch (IOException e) {
      throw new CannotRunException("run the benchmark failed: " + e, e);
    } catch (SceneException e) {
      say(String.valueOf(e.getMessage()));
      return ExitCode.NEGATIVE;
    } finally {
      removeHook(hook);
    }
  }

  private void check(String option, List<Integer> values, int least, int most) {
    for (int value : values) {
      if (value < least || value > most) {
        throw new ParameterException(
            spec.commandLine(), "%s: %d (expected: %d..%d)".formatted(option, value, least, most));
      }
    }
  }

  private String commandLine() {
    List<String> words = new ArrayList<>(List.of("shunt"));
    words.addAll(spec.root().commandLine().getParseResult().originalArgs());
    return String.join(" ", words);
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the hook runs already: a signal ended the benchmark
    }
  }

  private void say(String line) {
    spec.commandLine().getErr().println("bench: " + line);
    spec.commandLine().getErr().flush();
  }
}
