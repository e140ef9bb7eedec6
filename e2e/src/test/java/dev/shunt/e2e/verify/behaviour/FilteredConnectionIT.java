package dev.shunt.e2e.verify.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.demo.ShuntProgram;
import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.Teardown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A traffic filter that comes to deny accelerated connections of two pods cuts them, although what
 * is redirected passes no packet hook; without it they go on where they stopped.
 */
class FilteredConnectionIT {
  private static final PeerVariant PODS = PeerVariant.parse("v4/nonblock/cross");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** The quickest of several cuts: a busy host holds up each of them now and then. */
  private static final Duration CUT = Duration.ofSeconds(1);

  /** Of the only first filter that a node has: loading alone takes long on a busy host. */
  private static final Duration FIRST_CUT = Duration.ofSeconds(10);

  private static final int CUTS = 3;

  /** Nothing moves any more: longer than a busy host's pauses. */
  private static final Duration SETTLED = Duration.ofSeconds(2);

  private static final Duration SAMPLE = Duration.ofMillis(20);
  private static final int PORT = 15998;

  /** Far more often than the load sends. */
  private static final int SAMPLES = 30;

  private static final long SOME_BYTES = 1L << 20;

  private final Teardown teardown = new Teardown();
  private PeerBed bed;
  private NodeHost node;
  private SceneProcess load;

  @BeforeEach
  void startLoad() {
    bed = teardown.add(PeerBed.make("filtered"));
    PeerProgram program = PeerProgram.build(bed.directory());
    ShuntProgram shunt = ShuntProgram.thisBuild().asNode().behind(bed.inNodeNamespace(List.of()));
    node = teardown.add(new NodeHost(bed, shunt));
    node.start();
    load =
        teardown.add(
            new PeerRun(program)
                .start(
                    new CaseStage(bed, bed.cgroup().child("load"), bed.directory()),
                    "checksummed_load",
                    PODS,
                    List.of(
                        "--seconds=600",
                        "--connections=3",
                        "--count=200",
                        "--listen=" + bed.serverAddress() + ":" + PORT)));
    awaitRedirecting();
  }

  @AfterEach
  void close() {
    teardown.close();
  }

  @Test
  void filter_comesToDenyAcceleratedPairs_cutsThemUntilItGoes() throws IOException {
    putFilter("other", PORT - 1);
    assertThat(Await.until(() -> node.ask("filters").document().contains("tcx"), LIMIT)).isTrue();
    awaitRedirecting(); // what a filter does not deny goes on

    List<Duration> cuts = new ArrayList<>();
    for (int i = 0; i < CUTS; i++) {
      cuts.add(cutAndHeal());
    }
    assertThat(Collections.min(cuts)).as("cut within %s", cuts).isLessThan(CUT);

    load.terminate();
    assertThat(load.awaitExit(LIMIT)).isZero();
    Observations result = Observations.parse(load.log());
    assertThat(result.detail()).isEmpty();
    assertThat(result.observations()).containsEntry("mismatches", "0").containsEntry("errors", "0");
    assertThat(result.timing()).as("one connection each").containsEntry("connections", 3L);
  }

  /** How long a filter takes to cut; it is gone again after. */
  private Duration cutAndHeal() throws IOException {
    Path filter = putFilter("cut", PORT);
    Duration cut = timeOfLastMove();
    assertThat(Await.until(this::stands, LIMIT)).as("nothing passes: %s", node.log()).isTrue();
    assertThat(node.ask("filters", "--hits").document()).containsPattern("\"denied\": \"?[1-9]");
    assertThat(node.stats().connections()).containsKey("policy_off");
    Files.delete(filter);
    awaitRedirecting();
    return cut;
  }

  @Test
  void firstFilterOfANode_comesToDenyAcceleratedPairs_cutsThem() throws IOException {
    putFilter("cut", PORT);

    assertThat(timeOfLastMove()).as("cut within, %s", node.log()).isLessThan(FIRST_CUT);
    assertThat(Await.until(this::stands, LIMIT)).as("nothing passes: %s", node.log()).isTrue();
  }

  /** How long anything is still redirected from now on. */
  private Duration timeOfLastMove() {
    long begin = System.nanoTime();
    long lastMove = begin;
    long redirected = node.stats().bytesRedirected();
    while (System.nanoTime() - lastMove < SETTLED.toNanos()) {
      long now = node.stats().bytesRedirected();
      if (now != redirected) {
        redirected = now;
        lastMove = System.nanoTime();
      }
      LockSupport.parkNanos(
          SAMPLE.toNanos()); // or the question takes the CPU of what it asks about
    }
    return Duration.ofNanos(lastMove - begin);
  }

  private Path putFilter(String name, int port) throws IOException {
    String client = bed.namespaces().get(1);
    Path fresh =
        Files.writeString(
            bed.directory().resolve("fresh"),
            """
            apiVersion: shunt.dev/v1alpha1
            kind: TrafficFilter
            metadata: {name: %s}
            spec:
              direction: egress
              hostSelector: {networkNamespace: %s}
              rules:
                - {name: deny, action: deny, protocol: tcp, ports: [%d]}
            """
                .formatted(name, client, port));
    Path filter = node.policyFile(client).resolveSibling(name + ".yaml");
    return Files.move(fresh, filter, StandardCopyOption.ATOMIC_MOVE);
  }

  private void awaitRedirecting() {
    long before = node.stats().bytesRedirected();
    assertThat(Await.until(() -> node.stats().bytesRedirected() > before + SOME_BYTES, LIMIT))
        .as("bytes are redirected: %s", load.logTail())
        .isTrue();
  }

  /** Neither redirected nor by TCP. */
  private boolean stands() {
    HostStats before = node.stats();
    for (int i = 0; i < SAMPLES; i++) {
      HostStats now = node.stats().since(before);
      if (now.bytesRedirected() != 0 || now.bytesPassed() != 0) {
        return false;
      }
    }
    return load.isAlive();
  }
}
