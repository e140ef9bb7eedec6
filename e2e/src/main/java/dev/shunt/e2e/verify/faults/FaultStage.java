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
import dev.shunt.e2e.verify.behaviour.PeerProgram;
import dev.shunt.e2e.verify.behaviour.PeerRun;
import dev.shunt.e2e.verify.behaviour.PeerVariant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A bed with a node and a checksummed load. One thread; {@link #close} removes all of it, also from
 * a shutdown hook.
 */
final class FaultStage implements AutoCloseable {
  private static final PeerVariant LOOPBACK = PeerVariant.parse("v4/nonblock/loopback");
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(20);

  /** More than what is on its way when something changes, less than a moment of load. */
  private static final long SOME_BYTES = 16L << 20;

  /** The fourth is opened anew all the time, the others live as long as the load. */
  private static final int CONNECTIONS = 4;

  private static final int SECONDS = 600;

  private final Teardown teardown = new Teardown();
  private final PeerBed bed;
  private final NodeHost node;
  private final CaseStage loadStage;
  private final SceneProcess load;
  private int commands;

  private FaultStage(PeerProgram program) {
    try {
      bed = teardown.add(PeerBed.make("fault"));
      node = teardown.add(new NodeHost(bed));
      node.start();
      CgroupTree cgroup = teardown.add(bed.cgroup().child("load"));
      loadStage = new CaseStage(bed, cgroup, bed.directory());
      load =
          teardown.add(
              new PeerRun(program)
                  .start(
                      loadStage,
                      "checksummed_load",
                      LOOPBACK,
                      List.of("--seconds", "" + SECONDS, "--connections", "" + CONNECTIONS)));
      awaitRedirecting();
    } catch (RuntimeException e) {
      teardown.close();
      throw e;
    }
  }

  /** Makes the stage; its load redirects when this returns. */
  static FaultStage open(PeerProgram program) {
    return new FaultStage(program);
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
            () -> !load.isAlive() || node.stats().bytesRedirected() > before + SOME_BYTES, LIMIT);
    if (!load.isAlive()) {
      throw new SceneException("the load ended: " + load.logTail());
    }
    if (!moved) {
      throw new SceneException("nothing is redirected " + LIMIT.toSeconds() + " s later");
    }
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
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
    Path log = bed.directory().resolve("fault-command-" + ++commands + ".log");
    SceneProcess process = SceneProcess.start(argv[0], List.of(argv), log);
    if (process.awaitExit(COMMAND_LIMIT) != 0) {
      throw new SceneException("run " + String.join(" ", argv) + " failed: " + process.logTail());
    }
  }

  /** Ends the load in order and returns what it observed. */
  Observations endLoad() {
    load.terminate();
    load.awaitExit(LIMIT);
    return Observations.parse(load.log());
  }

  @Override
  public void close() {
    teardown.close();
  }
}
