package dev.shunt.e2e.verify.soak;

import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.Teardown;
import dev.shunt.e2e.verify.behaviour.CaseStage;
import dev.shunt.e2e.verify.behaviour.NodeHost;
import dev.shunt.e2e.verify.behaviour.Observations;
import dev.shunt.e2e.verify.behaviour.PassingPod;
import dev.shunt.e2e.verify.behaviour.PeerBed;
import dev.shunt.e2e.verify.behaviour.PeerProgram;
import dev.shunt.e2e.verify.behaviour.PeerRun;
import dev.shunt.e2e.verify.behaviour.PeerVariant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A node under changing load for a while. One thread. */
final class Soak {
  private static final PeerVariant LOOPBACK = PeerVariant.parse("v4/nonblock/loopback");
  private static final Duration LOAD_END_LIMIT = Duration.ofSeconds(60);

  private static final String CONNECTIONS = "4";

  /** Of each connection, a second: the soak must not be what keeps the machine from its pace. */
  private static final String ROUNDS = "100";

  /** New connections each second. */
  static final int CHURN_PER_SECOND = 100;

  /** A step of the soak: one sample, and now and then a change. */
  private static final Duration STEP = Duration.ofSeconds(5);

  private static final List<String> MODES = List.of("policy", "observe", "policy", "off");
  private static final int STEPS_PER_LOAD = 6;

  private final Teardown teardown;
  private final Consumer<String> progress;
  private final PeerBed bed;
  private final NodeHost node;
  private final PeerRun peers;
  private long bytes;
  private long connections;
  private long churned;
  private long churnedMicros;
  private long pods;
  private long faults;

  /**
   * Makes the bed and starts the node.
   *
   * @param teardown removes all of it
   */
  Soak(Teardown teardown, Consumer<String> progress) {
    this.teardown = teardown;
    this.progress = progress;
    bed = teardown.add(PeerBed.make("soak"));
    node = teardown.add(new NodeHost(bed));
    node.start();
    peers = new PeerRun(PeerProgram.build(bed.directory()));
  }

  SoakReport run(Duration length) {
    NodeGauges gauges = new NodeGauges(node);
    long begin = System.nanoTime();
    for (int round = 0; System.nanoTime() - begin < length.toNanos(); round++) {
      PassingPod passing = teardown.add(PassingPod.make(bed, node, round));
      try (CgroupTree pod = bed.cgroup().child("pod-" + round);
          SceneProcess load = load(pod);
          SceneProcess churn = churn(pod)) {
        for (int step = 0; step < STEPS_PER_LOAD; step++) {
          node.mode(MODES.get((round * STEPS_PER_LOAD + step) % MODES.size()));
          pause();
          gauges.sample();
        }
        end(load);
        Observations seen = end(churn);
        churned += seen.timing().getOrDefault("connections", 0L);
        churnedMicros += seen.timing().getOrDefault("elapsed_us", 0L);
        pods += 2; // the one with the loads, and the one that nothing runs in
      }
      passing.close();
      double minutes = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) / 60.0;
      progress.accept(
          "%.1f of %d minutes, %.1f GB checked, %d faults"
              .formatted(minutes, length.toMinutes(), bytes / 1e9, faults));
    }
    double minutes = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) / 60.0;
    double perSecond = churned * 1e6 / Math.max(1, churnedMicros);
    return new SoakReport(
        minutes,
        gauges.gauges(),
        new SoakReport.Traffic(bytes, connections, perSecond, pods, faults));
  }

  private SceneProcess load(CgroupTree pod) {
    return start(pod, "checksummed_load", "--connections", CONNECTIONS, "--count", ROUNDS);
  }

  private SceneProcess churn(CgroupTree pod) {
    return start(pod, "connection_churn", "--count", Integer.toString(CHURN_PER_SECOND));
  }

  private SceneProcess start(CgroupTree pod, String load, String... options) {
    List<String> all = new ArrayList<>(List.of("--seconds", "600"));
    all.addAll(List.of(options));
    return teardown.add(peers.start(new CaseStage(bed, pod, bed.directory()), load, LOOPBACK, all));
  }

  private Observations end(SceneProcess load) {
    load.terminate();
    load.awaitExit(LOAD_END_LIMIT);
    Observations seen = Observations.parse(load.log());
    bytes += seen.timing().getOrDefault("bytes", 0L);
    connections += seen.timing().getOrDefault("connections", 0L);
    faults += Long.parseLong(seen.observations().getOrDefault("mismatches", "1"));
    faults += Long.parseLong(seen.observations().getOrDefault("errors", "1"));
    return seen;
  }

  /** Time has to pass: it is what a soak is made of. */
  private static void pause() {
    try {
      Thread.sleep(STEP.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SceneException("soak failed: interrupted", e);
    }
  }
}
