package dev.shunt.e2e.verify.scenes;

import dev.shunt.cli.ExitCode;
import dev.shunt.e2e.bench.Sample;
import dev.shunt.e2e.demo.ShuntProgram;
import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.Teardown;
import dev.shunt.e2e.verify.behaviour.HostStats;
import dev.shunt.e2e.verify.behaviour.NodeHost;
import dev.shunt.e2e.verify.behaviour.NodePlace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A scene on plain TCP, or with a node of its own. One thread; {@link #close} also from a shutdown
 * hook.
 */
final class CoveredScene implements AutoCloseable {
  private final Teardown teardown = new Teardown();
  private final SceneBed bed;
  private final SceneLoad load;
  private final Optional<NodeHost> node;

  private CoveredScene(Teardown registered, String name, SceneShape shape, Cover cover) {
    registered.add(this);
    try {
      CgroupTree root = teardown.add(CgroupTree.create(name));
      SceneDirectory directory = teardown.add(SceneDirectory.create(name));
      bed = SceneBed.create(teardown, name, shape, root.child("bed"), directory);
      load = teardown.add(new SceneLoad(bed));
      node = cover == Cover.NODE ? Optional.of(node(name, directory)) : Optional.empty();
    } catch (RuntimeException e) {
      teardown.close();
      throw e;
    }
  }

  /** What is above a scene. */
  enum Cover {
    NOTHING,
    NODE
  }

  /**
   * Builds a scene; its node is ready when this returns.
   *
   * @param registered gets to know the scene before anything is made
   * @param name start of every name that it makes, unique on this host
   */
  static CoveredScene create(Teardown registered, String name, SceneShape shape, Cover cover) {
    return new CoveredScene(registered, name, shape, cover);
  }

  private NodeHost node(String name, SceneDirectory directory) {
    NodePlace place =
        new NodePlace(
            name,
            directory.path(),
            bed.cgroup(),
            bed.namespaces(),
            namespace -> ScenePolicy.text(namespace, bed.shape()));
    NodeHost host = teardown.add(new NodeHost(place, ShuntProgram.thisBuild()));
    host.start();
    return host;
  }

  SceneBed bed() {
    return bed;
  }

  /** Has the conversation and returns what was observed. */
  Map<String, String> observe() {
    return Behaviour.observe(bed);
  }

  /**
   * Drives load with fresh connections.
   *
   * @throws SceneException a request failed: such a run measures nothing
   */
  Sample drive(int millis) {
    long before = cpuMicros();
    SceneLoad.Result result = run(millis);
    double cpu = (double) (cpuMicros() - before) / result.requests();
    return new Sample(
        result.requestsPerSecond(), result.p50Micros(), result.p99Micros(), cpu, List.of());
  }

  /** As the other one, with the number of requests. */
  SceneLoad.Result run(int millis) {
    return load.run(millis);
  }

  private long cpuMicros() {
    return bed.cgroup().cpuMicros() + node.map(CoveredScene::nodeMicros).orElse(0L);
  }

  private static long nodeMicros(NodeHost node) {
    return ProcessHandle.of(node.pid())
            .flatMap(process -> process.info().totalCpuDuration())
            .orElse(Duration.ZERO)
            .toNanos()
        / 1000;
  }

  /** Totals of the node. */
  HostStats stats() {
    return node.map(NodeHost::stats).orElseThrow();
  }

  /** Every connection that the node sees. */
  List<ConnectionEnd> connections() {
    NodeHost.Answer answer = node.orElseThrow().ask("connections", "--limit", "0");
    if (answer.exitCode() != ExitCode.OK) {
      throw new SceneException("read connections of the node failed: " + answer.errors());
    }
    return ConnectionEnd.parse(answer.document());
  }

  @Override
  public void close() {
    teardown.close();
  }
}
