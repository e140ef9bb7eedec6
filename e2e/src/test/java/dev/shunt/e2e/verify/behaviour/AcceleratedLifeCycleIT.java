package dev.shunt.e2e.verify.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Faults and changes under checksummed load: no byte is lost or changed by any of them. */
class AcceleratedLifeCycleIT {
  private static final PeerVariant LOOPBACK = PeerVariant.parse("v4/nonblock/loopback");
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration LOAD_END_LIMIT = Duration.ofSeconds(60);

  /** More than what is on its way when a mode changes, less than a moment of load. */
  private static final long SOME_BYTES = 16L << 20;

  private PeerBed bed;
  private NodeHost host;
  private CgroupTree cgroup;
  private SceneProcess load;

  @BeforeEach
  void startLoad() {
    bed = PeerBed.make("life");
    PeerProgram program = PeerProgram.build(bed.directory());
    host = new NodeHost(bed);
    host.start();
    cgroup = bed.cgroup().child("load");
    load =
        new PeerRun(program)
            .start(
                new CaseStage(bed, cgroup, bed.directory()),
                "checksummed_load",
                LOOPBACK,
                List.of("--seconds", "240", "--connections", "2"));
    awaitRedirecting();
  }

  @AfterEach
  void removeAll() {
    load.close();
    host.close();
    bed.close();
  }

  @Test
  void node_killedAndRestarted_trafficStaysAcceleratedAndWhole() {
    host.kill();
    host.start();

    awaitRedirecting();
    endLoad();
  }

  @Test
  void mode_offAndBackToPolicy_liveTrafficFollows() {
    host.mode("off");
    assertThat(Await.until(this::isQuiet, LIMIT)).as("redirecting ends").isTrue();

    host.mode("policy");

    awaitRedirecting();
    endLoad();
  }

  @Test
  void node_stoppedWithDrain_nothingPinnedNothingLost() {
    host.close();

    assertThat(host.isPinned()).isFalse();
    endLoad();
  }

  private void awaitRedirecting() {
    long before = host.stats().bytesRedirected();
    assertThat(
            Await.until(
                () -> host.stats().bytesRedirected() > before + SOME_BYTES || !load.isAlive(),
                LIMIT))
        .as("bytes are redirected")
        .isTrue();
    assertThat(load.isAlive()).as("load goes on").isTrue();
  }

  private boolean isQuiet() {
    HostStats first = host.stats();
    HostStats second = host.stats();
    return second.bytesRedirected() == first.bytesRedirected();
  }

  private void endLoad() {
    // the load is in full swing on whatever path it has now, and ends in order
    load.terminate();
    int exit = load.awaitExit(LOAD_END_LIMIT);
    Observations result = Observations.parse(load.log());
    assertThat(result.detail()).isEmpty();
    assertThat(exit).isZero();
    assertThat(result.observations()).containsEntry("mismatches", "0").containsEntry("errors", "0");
    assertThat(result.timing().getOrDefault("bytes", 0L)).isPositive();
  }
}
