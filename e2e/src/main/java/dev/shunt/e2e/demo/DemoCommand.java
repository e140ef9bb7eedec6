package dev.shunt.e2e.demo;

import dev.shunt.cli.CannotRunException;
import dev.shunt.cli.ExitCode;
import dev.shunt.cli.OutputOption;
import dev.shunt.e2e.scene.AbortHook;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneUnavailableException;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code shunt demo}. Runs on the main thread, which the demo's processes do not outlive; a signal
 * removes everything from a shutdown hook.
 */
@Command(
    name = "demo",
    description = {
      "Show the gain on real traffic of this host: two pods with sidecars, plain and accelerated.",
      "Builds two identical chains wrk > haproxy > haproxy > nginx in network namespaces of their"
          + " own, accelerates one, drives both in turns and compares. Removes all of it at the"
          + " end. Needs root."
    },
    footer = {
      "%nExit codes: 0 measured; 1 failed on the way; 2 wrong usage; 3 cannot run on this host.",
      "%nExample:%n  shunt demo -o json > demo.json"
    })
public final class DemoCommand implements Callable<Integer> {
  @Mixin private OutputOption output;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "9",
      description = "Pairs of a plain and an accelerated run, 1..50 (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "3",
      description = "Length of one run in seconds, 1..60 (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "16",
      description = "Keep-alive connections of the client, 1..1000 (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--body-bytes",
      paramLabel = "N",
      defaultValue = "1024",
      description = "Size of the response body, 1..1048576 (default: ${DEFAULT-VALUE}).")
  private int bodyBytes;

  @Option(
      names = "--no-node",
      description =
          "Accelerate nothing: both chains stay plain, so every ratio must come out near 1. Checks"
              + " the measurement itself.")
  private boolean noNode;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    DemoOptions options = options();
    Function<NodePlan, AcceleratedNode> nodes = noNode ? plan -> new AbsentNode() : ChildNode::new;
    DemoProgress progress = new DemoProgress(spec.commandLine().getErr());
    DemoRun run = new DemoRun(options, nodes, progress);
    AbortHook hook = AbortHook.install("demo", () -> abort(run, progress));
    try {
      DemoReport report = run.measure();
      output.output(spec).result(DemoDocument.of(report), DemoTable.of(report));
      return ExitCode.OK;
    } catch (SceneUnavailableException e) {
      throw new CannotRunException(String.valueOf(e.getMessage()), e);
    } catch (SceneException e) {
      if (!run.isAborted()) {
        progress.failure(e);
      }
      return ExitCode.NEGATIVE;
    } finally {
      hook.close();
    }
  }

  private DemoOptions options() {
    try {
      return new DemoOptions(rounds, seconds, connections, bodyBytes);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static void abort(DemoRun run, DemoProgress progress) {
    progress.phase("interrupted, removing the scene");
    try {
      run.abort();
    } catch (SceneException e) {
      progress.failure(e);
    }
  }
}
