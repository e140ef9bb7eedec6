package dev.shunt.e2e.verify.faults;

import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.Teardown;
import dev.shunt.e2e.verify.behaviour.CaseStage;
import dev.shunt.e2e.verify.behaviour.NodeHost;
import dev.shunt.e2e.verify.behaviour.Observations;
import dev.shunt.e2e.verify.behaviour.PeerBed;
import dev.shunt.e2e.verify.behaviour.PeerRun;
import dev.shunt.e2e.verify.behaviour.PeerVariant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A bed with a node and a checksummed load. One thread; {@link #close} removes all of it, also from
 * a shutdown hook.
 */
final class FaultStage implements AutoCloseable {
  private static final PeerVariant LOOPBACK = PeerVariant.parse("v4/nonblock/loopback");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** More than what is on its way when something changes, less than a moment of load. */
  private static final long SOME_BYTES = 16L << 20;

  /** The fourth is opened anew all the time, the others live as long as the load. */
  private static final String CONNECTIONS = "4";

  private static final String SECONDS = "600";

  private final Teardown teardown = new Teardown();
  private final FaultBuilds builds;
  private final PeerBed bed;
  private final List<SceneProcess> loads = new ArrayList<>();
  private final List<Observations> seen = new ArrayList<>();
  private NodeHost node;
  private int started;

  private FaultStage(FaultBuilds builds) {
    this.builds = builds;
    try {
      bed = teardown.add(PeerBed.make("fault"));
      node = teardown.add(new NodeHost(bed));
      node.start();
      startLoad("checksummed_load", "--connections", CONNECTIONS);
      awaitRedirecting();
    } catch (RuntimeException e) {
      teardown.close();
      throw e;
    }
  }

  /** Makes the stage; its load redirects when this returns. */
  static FaultStage open(FaultBuilds builds) {
    return new FaultStage(builds);
  }

  /**
   * Starts one more load, which is part of what has to end well.
   *
   * @param load a case of the peers of kind load
   */
  SceneProcess startLoad(String load, String... options) {
    return startLoad(UnaryOperator.identity(), load, options);
  }

  /**
   * As the other one.
   *
   * @param wrap makes the command that starts the load's own
   */
  SceneProcess startLoad(UnaryOperator<List<String>> wrap, String load, String... options) {
    String name = "load-" + ++started;
    CgroupTree cgroup = teardown.add(bed.cgroup().child(name));
    Path directory = folder(name);
    List<String> all = new ArrayList<>(List.of("--seconds", SECONDS));
    all.addAll(List.of(options));
    SceneProcess process =
        teardown.add(
            new PeerRun(builds.peers(), wrap)
                .start(new CaseStage(bed, cgroup, directory), load, LOOPBACK, all));
    loads.add(process);
    return process;
  }

  /** A folder of the stage. */
  Path folder(String name) {
    try {
      return Files.createDirectory(bed.directory().resolve(name));
    } catch (IOException e) {
      throw new SceneException("create folder " + name + " failed: " + e, e);
    }
  }

  FaultBuilds builds() {
    return builds;
  }

  /** Kills the node, and another one takes its place. */
  void replaceNode(NodeHost next) {
    node.kill();
    node = teardown.add(next);
    next.start();
  }

  NodeHost node() {
    return node;
  }

  PeerBed bed() {
    return bed;
  }

  /** Closes something with the stage, before what was made earlier. */
  <T extends AutoCloseable> T add(T resource) {
    return teardown.add(resource);
  }

  /**
   * Waits until some more bytes are redirected.
   *
   * @return how long it took, in milliseconds
   */
  long awaitRedirecting() {
    long begin = System.nanoTime();
    long before = node.stats().bytesRedirected();
    boolean moved =
        Await.until(
            () -> hasEnded() || node.stats().bytesRedirected() > before + SOME_BYTES, LIMIT);
    for (SceneProcess load : loads) {
      if (!load.isAlive()) {
        throw new SceneException("a load ended: " + load.logTail());
      }
    }
    if (!moved) {
      throw new SceneException("nothing is redirected " + LIMIT.toSeconds() + " s later");
    }
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
  }

  private boolean hasEnded() {
    return loads.stream().anyMatch(load -> !load.isAlive());
  }

  /** Waits until nothing is redirected any more. */
  void awaitQuiet() {
    boolean quiet = Await.until(this::isQuiet, LIMIT);
    if (!quiet) {
      throw new SceneException("bytes are redirected still, " + LIMIT.toSeconds() + " s later");
    }
  }

  private boolean isQuiet() {
    long before = node.stats().bytesRedirected();
    return node.stats().bytesRedirected() == before;
  }

  /** Runs a command that has to succeed. */
  void run(String... argv) {
    bed.command(argv);
  }

  /** Ends all loads in order and returns what these observed. */
  List<Observations> endLoads() {
    loads.forEach(SceneProcess::terminate);
    List<Observations> ended = new ArrayList<>();
    for (SceneProcess load : loads) {
      load.awaitExit(LIMIT);
      ended.add(Observations.parse(load.log()));
    }
    loads.clear();
    seen.addAll(ended);
    return ended;
  }

  /** Waits for a load that ends by itself. */
  void finish(SceneProcess load, Duration limit) {
    load.awaitExit(limit);
    loads.remove(load);
    seen.add(Observations.parse(load.log()));
  }

  /** What every load has observed that has ended. */
  List<Observations> seen() {
    return List.copyOf(seen);
  }

  @Override
  public void close() {
    teardown.close();
  }
}
