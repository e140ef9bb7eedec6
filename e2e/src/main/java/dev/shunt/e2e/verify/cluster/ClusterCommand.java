package dev.shunt.e2e.verify.cluster;

import dev.shunt.cli.ExitCode;
import dev.shunt.cli.OutputOption;
import dev.shunt.e2e.cluster.TestCluster.Programs;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneRequirements;
import dev.shunt.e2e.scene.SceneUnavailableException;
import dev.shunt.e2e.scene.Teardown;
import dev.shunt.e2e.verify.SuiteFrame;
import dev.shunt.e2e.verify.cluster.StepRow.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code shunt verify cluster}. Runs on the main thread; a signal removes everything from a
 * shutdown hook.
 */
@Command(
    name = "cluster",
    description = {
      "Install Shunt into a real Kubernetes cluster of two nodes and use it as its users do.",
      "API server, etcd, controller manager and scheduler are upstream's; the first run builds them"
          + " with Go, which takes many minutes. Pods run as processes in network namespaces and"
          + " cgroups of their own. All of it is removed afterwards. Needs root."
    },
    footer = {
      "%nExit codes: 0 every step passed; 1 one did not; 2 wrong usage; 3 cannot run on this host.",
      "%nExample:%n  shunt verify cluster --keep"
    })
public final class ClusterCommand implements Callable<Integer> {
  private static final Duration OUTAGE = Duration.ofMinutes(1);
  private static final Duration LONG_OUTAGE = Duration.ofMinutes(10);

  @Mixin private OutputOption output;

  @Option(
      names = "--keep",
      description = "Keep the cluster after the last step, until Ctrl-C, and say how to reach it.")
  private boolean isKept;

  @Option(
      names = "--long",
      description = "Leave the nodes without control plane for 10 minutes instead of 1.")
  private boolean isLong;

  @Option(
      names = "--rbac",
      description =
          "Take each right of the chart's roles away in turn, and look for what fails, instead.")
  private boolean isOfRights;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    return new SuiteFrame(spec).run(this::run);
  }

  private int run(Teardown teardown) {
    SceneRequirements.check();
    Programs.ofUser(this::say);
    ClusterStage stage = new ClusterStage(teardown, this::say, isLong ? LONG_OUTAGE : OUTAGE);
    ClusterReport result = run(stage);
    output.output(spec).result(result.document(), result.text());
    if (isKept) {
      keep(stage);
    }
    return result.passed() ? ExitCode.OK : ExitCode.NEGATIVE;
  }

  private ClusterReport run(ClusterStage stage) {
    List<ClusterStep> steps = isOfRights ? ClusterSteps.ofRights() : ClusterSteps.all();
    List<StepRow> rows = new ArrayList<>();
    boolean failed = false;
    for (ClusterStep step : steps) {
      if (failed) {
        rows.add(new StepRow(step, Verdict.NOT_RUN, Duration.ZERO, ""));
        continue;
      }
      say("[%d/%d] %s: %s".formatted(rows.size() + 1, steps.size(), step.name(), step.what()));
      StepRow row = run(step, stage);
      rows.add(row);
      say("      %s in %.1f s: %s".formatted(row.verdict(), row.seconds(), row.message()));
      failed = row.verdict() == Verdict.FAIL;
    }
    return new ClusterReport(rows);
  }

  private static StepRow run(ClusterStep step, ClusterStage stage) {
    long startNanos = System.nanoTime();
    Verdict verdict = Verdict.PASS;
    String message;
    try {
      message = step.action().apply(stage);
    } catch (SceneUnavailableException e) {
      throw e;
    } catch (SceneException e) {
      verdict = Verdict.FAIL;
      message = String.valueOf(e.getMessage());
    }
    Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
    return new StepRow(step, verdict, took, message.strip().replaceAll("\\s*\\R\\s*", " | "));
  }

  /** Blocks until a signal: the shutdown hook removes the cluster. */
  private void keep(ClusterStage stage) {
    say("the cluster stays until Ctrl-C; in another terminal:");
    say(
        "  nsenter --net=/run/netns/%s env KUBECONFIG=%s %s get pods -A"
            .formatted(
                stage.cluster().network().control(),
                stage.cluster().adminKubeconfig(),
                stage.kubectl().program()));
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void say(String line) {
    new SuiteFrame(spec).say(line);
  }
}
