package dev.shunt.e2e.demo;

import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.MeshChain;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneName;
import dev.shunt.e2e.scene.SceneRequirements;
import dev.shunt.e2e.scene.SceneSweep;
import dev.shunt.e2e.scene.Teardown;
import dev.shunt.e2e.scene.WrkResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One demo from set-up to teardown, as the package's steps say. One thread calls {@link #measure},
 * once, and must stay alive meanwhile; {@link #close} also from a shutdown hook.
 */
final class DemoRun implements AutoCloseable {
  private static final long ABORT_SECONDS = 10;

  private final DemoOptions options;
  private final Function<NodePlan, AcceleratedNode> nodes;
  private final DemoProgress progress;
  private final SceneName name = SceneName.fresh("demo");
  private final Teardown teardown = new Teardown();
  private volatile boolean aborted;
  private final CountDownLatch finished = new CountDownLatch(1);

  /**
   * Prepares a run; nothing is made yet.
   *
   * @param nodes makes the node for the accelerated chain
   */
  DemoRun(DemoOptions options, Function<NodePlan, AcceleratedNode> nodes, DemoProgress progress) {
    this.options = options;
    this.nodes = nodes;
    this.progress = progress;
  }

  /**
   * Builds, measures and removes everything.
   *
   * @throws dev.shunt.e2e.scene.SceneUnavailableException when this host cannot run it
   * @throws SceneException when any part of it failed, the removal included
   */
  DemoReport measure() {
    SceneRequirements.check();
    SceneSweep.removeLeftovers()
        .forEach(left -> progress.phase("removed leftover of an earlier run: " + left));
    try {
      DemoReport report = measureInScene();
      progress.phase("removing the scene");
      close();
      requireNothingLeft();
      return report;
    } catch (RuntimeException e) {
      closeAfter(e);
      throw e;
    } finally {
      finished.countDown();
    }
  }

  private DemoReport measureInScene() {
    CgroupTree root = teardown.add(CgroupTree.create(name.toString()));
    SceneDirectory directory = teardown.add(SceneDirectory.create(name.toString()));
    progress.phase("building two identical chains: wrk > haproxy > haproxy > nginx, two pods each");
    MeshChain plain = chain("plain", root, directory);
    MeshChain accelerated = chain("accelerated", root, directory);
    AcceleratedNode node = teardown.add(nodes.apply(plan(root, accelerated, directory)));
    progress.phase(node.purpose());
    long deviceBefore = accelerated.deviceBytes();
    node.start();
    node.awaitReady();
    progress.phase("warming up both chains");
    warmUp(plain, accelerated);
    List<DemoRound> rounds = new ArrayList<>();
    for (int number = 1; number <= options.rounds(); number++) {
      DemoRound round = round(number, plain, accelerated, node);
      progress.round(number, options.rounds(), round);
      rounds.add(round);
    }
    NodeStats stats = node.stats();
    long deviceBytes = accelerated.deviceBytes() - deviceBefore;
    progress.phase("draining traffic back to TCP");
    node.close();
    return new DemoReport(options, rounds, stats, deviceBytes);
  }

  private MeshChain chain(String kind, CgroupTree root, SceneDirectory directory) {
    return teardown.add(
        MeshChain.create(name + "-" + kind, root.child(kind), directory, options.bodyBytes()));
  }

  private NodePlan plan(CgroupTree root, MeshChain accelerated, SceneDirectory directory) {
    return new NodePlan(
        name.toString(),
        accelerated.cgroup(),
        accelerated.namespaces(),
        root.child("node"),
        directory,
        "accelerate");
  }

  private void warmUp(MeshChain plain, MeshChain accelerated) {
    accelerated.drive(options.connections(), DemoOptions.WARM_UP_SECONDS);
    long deviceBefore = plain.deviceBytes();
    long requests = plain.drive(options.connections(), DemoOptions.WARM_UP_SECONDS).requests();
    PlainCheck.require(requests, plain.deviceBytes() - deviceBefore, options.bodyBytes());
  }

  private DemoRound round(
      int number, MeshChain plain, MeshChain accelerated, AcceleratedNode node) {
    AcceleratedNode none = new AbsentNode();
    if (number % 2 == 1) {
      RunSample first = sample(plain, none);
      return new DemoRound(first, sample(accelerated, node));
    }
    RunSample first = sample(accelerated, node);
    return new DemoRound(sample(plain, none), first);
  }

  private RunSample sample(MeshChain chain, AcceleratedNode node) {
    long cpuBefore = chain.cpuMicros() + node.cpuMicros();
    long machineBefore = MachineCpu.busyMicros();
    long deviceBefore = chain.deviceBytes();
    WrkResult result = chain.drive(options.connections(), options.seconds());
    return new RunSample(
        result.requests(),
        result.durationMicros(),
        result.p50Micros(),
        result.p99Micros(),
        chain.cpuMicros() + node.cpuMicros() - cpuBefore,
        MachineCpu.busyMicros() - machineBefore,
        chain.deviceBytes() - deviceBefore);
  }

  private void requireNothingLeft() {
    List<String> remains = remains();
    if (!remains.isEmpty()) {
      throw new SceneException("remove scene failed: still there: " + String.join(", ", remains));
    }
  }

  /** What this run still has on the host; empty before and after {@link #measure}. */
  List<String> remains() {
    return SceneSweep.remains(name);
  }

  private void closeAfter(RuntimeException cause) {
    try {
      close();
    } catch (SceneException e) {
      cause.addSuppressed(e);
    }
    try {
      SceneSweep.remove(name);
    } catch (SceneException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * Removes everything while {@link #measure} runs on another thread, and waits until that thread
   * has given up: for a shutdown hook, after which the process ends.
   *
   * @throws SceneException when something remains
   */
  void abort() {
    aborted = true;
    try {
      teardown.close();
    } catch (SceneException e) {
      // a node that a signal met while it started could not clean up; the sweep does
    }
    try {
      finished.await(ABORT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    SceneSweep.remove(name);
  }

  /** Whether {@link #abort} was called; a failure after that is its consequence. */
  boolean isAborted() {
    return aborted;
  }

  @Override
  public void close() {
    teardown.close();
  }
}
