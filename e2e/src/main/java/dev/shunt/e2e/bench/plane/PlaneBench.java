package dev.shunt.e2e.bench.plane;

import dev.shunt.cli.VersionCommand;
import dev.shunt.e2e.bench.Machine;
import dev.shunt.e2e.demo.ShuntProgram;
import dev.shunt.e2e.scene.SceneDialogue;
import dev.shunt.e2e.scene.SceneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures one size of cluster after the other, each with processes of its own. Main thread; {@link
 * #close} also from a shutdown hook.
 */
final class PlaneBench implements AutoCloseable {
  /** Loading the facts, connecting 2,000 nodes, or a series of events on a slow machine. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** 2,000 connections with TLS. */
  private static final List<String> NODES_SETTINGS = List.of("-Xmx640m");

  private static final double KIB_PER_MIB = 1024;

  private final Consumer<String> progress;
  private final Effort effort;
  private final List<SceneDialogue> running = new ArrayList<>();
  private volatile boolean closed;

  /**
   * Measures nothing yet.
   *
   * @param effort how much is measured of each cluster
   * @param progress is told what is measured next
   */
  PlaneBench(Effort effort, Consumer<String> progress) {
    this.effort = effort;
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @param sizes numbers of nodes
   * @param podsPerNode pods of a node in all of these
   * @param otherPods further numbers of pods of a node, for a cluster of a quarter of the last size
   */
  PlaneBenchReport measure(List<Integer> sizes, int podsPerNode, List<Integer> otherPods)
      throws IOException {
    List<PlaneSample> bySize = new ArrayList<>();
    for (int nodes : sizes) {
      bySize.add(sample(nodes, podsPerNode));
    }
    int quarter = Math.max(1, sizes.get(sizes.size() - 1) / 4);
    List<PlaneSample> byPods = new ArrayList<>();
    for (int pods : otherPods) {
      byPods.add(sample(quarter, pods));
    }
    return new PlaneBenchReport(Machine.here(VersionCommand.version()), bySize, byPods);
  }

  private PlaneSample sample(int nodes, int podsPerNode) throws IOException {
    progress.accept("%d nodes with %d pods each".formatted(nodes, podsPerNode));
    Path directory = Files.createTempDirectory("shunt-plane-");
    try {
      Path ca = directory.resolve("ca.crt");
      SceneDialogue plane =
          start(
              "control plane",
              ShuntProgram.thisBuild().asControlPlane(),
              List.of(
                  "bench-plane",
                  "--nodes=" + nodes,
                  "--pods-per-node=" + podsPerNode,
                  "--pod-events=" + effort.podEvents(),
                  "--tells=" + effort.tells(),
                  "--ca=" + ca),
              directory);
      int port = (int) PlaneSample.value(ask(plane, "port"), "port");
      SceneDialogue others =
          start(
              "nodes",
              ShuntProgram.thisBuild().withSettings(NODES_SETTINGS),
              List.of("bench-nodes", "--nodes=" + nodes, "--port=" + port, "--ca=" + ca),
              directory);
      long started = System.nanoTime();
      ask(others, "started");
      ask(plane, "connected");
      double connect = (System.nanoTime() - started) / 1e9;
      PlaneSample.Times edit = PlaneSample.Times.of(ask(plane, "edit"));
      PlaneSample.Times pods = PlaneSample.Times.of(ask(plane, "pods"));
      double peak = PlaneSample.value(ask(plane, "memory"), "VmHWM") / KIB_PER_MIB;
      return new PlaneSample(nodes, podsPerNode, connect, edit, pods, peak);
    } finally {
      endAll();
      delete(directory);
    }
  }

  private SceneDialogue start(
      String name, ShuntProgram program, List<String> arguments, Path directory) {
    synchronized (running) {
      if (closed) {
        throw new SceneException("the benchmark was stopped");
      }
      SceneDialogue child =
          SceneDialogue.start(name, program.command(arguments), directory.resolve(name + ".log"));
      running.add(child);
      return child;
    }
  }

  private static Map<String, Double> ask(SceneDialogue child, String word) {
    Map<String, Double> values = new HashMap<>();
    for (String part : child.ask(word, PATIENCE).strip().split(" ", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        values.put(part.substring(0, equals), Double.valueOf(part.substring(equals + 1)));
      }
    }
    return values;
  }

  private void endAll() {
    synchronized (running) {
      running.forEach(SceneDialogue::close);
      running.clear();
    }
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  @Override
  public void close() {
    closed = true;
    endAll();
  }
}
