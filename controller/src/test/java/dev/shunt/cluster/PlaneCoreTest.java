package dev.shunt.cluster;

import static dev.shunt.cluster.TestFacts.acceleration;
import static dev.shunt.cluster.TestFacts.noPolicy;
import static dev.shunt.cluster.TestFacts.node;
import static dev.shunt.cluster.TestFacts.pod;
import static dev.shunt.publish.grpc.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cluster.distribute.NodeState;
import dev.shunt.desired.snapshot.PodAssignment;
import dev.shunt.ingest.distribution.PolicyStream;
import dev.shunt.v1.NackReason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Facts reach nodes over real TLS and gRPC, and nodes keep them whatever happens. */
class PlaneCoreTest {
  @TempDir private Path directory;
  private final NodeRecorder recorder = new NodeRecorder();
  private PlaneBed bed;

  @BeforeEach
  void start() throws Exception {
    bed = new PlaneBed(directory);
  }

  @AfterEach
  void stop() {
    bed.close();
  }

  private void tellFacts() {
    bed.core().sink().accept(node("n1", Map.of()));
    bed.core().sink().accept(pod("1", "shop", "n1", "web"));
    bed.core().sink().accept(acceleration("shop", "web", "accelerate"));
    bed.core().sink().synced();
  }

  private PolicyStream connect() throws Exception {
    return PolicyStream.start(bed.node("n1"), recorder, recorder);
  }

  private boolean isProgrammed(String node) {
    return bed.core().distributor().state(node).map(NodeState::isProgrammed).orElse(false);
  }

  @Test
  void node_connects_getsItsSnapshotAndAcknowledges() throws Exception {
    tellFacts();
    try (PolicyStream stream = connect()) {
      until("acknowledged", () -> isProgrammed("n1"));

      assertThat(recorder.last().policies()).containsOnlyKeys("Acceleration shop/web");
      assertThat(recorder.last().pods().values())
          .extracting(PodAssignment::workload)
          .containsExactly("Deployment/web");
      assertThat(stream.status().isConnected()).isTrue();
      NodeState state = bed.core().distributor().state("n1").orElseThrow();
      assertThat(state.capabilities().getKernel()).isEqualTo("6.1");
    }
  }

  @Test
  void node_beforeAllIsKnown_isToldNothing() throws Exception {
    bed.core().sink().accept(node("n1", Map.of()));
    try (PolicyStream stream = connect()) {
      until("connected", () -> bed.core().distributor().isConnected("n1"));
      bed.core().sink().accept(pod("1", "shop", "n1", "web"));
      // The loop has taken the facts when it answers a question asked after them.
      assertThat(bed.core().loop().ask(facts -> facts.podCount()).get()).isEqualTo(1);
      assertThat(recorder.count()).isZero();

      bed.core().sink().synced();

      until("told", () -> recorder.count() == 1);
      assertThat(stream.status().error()).isEmpty();
    }
  }

  @Test
  void policy_editedAndDeleted_followedByDeltas() throws Exception {
    tellFacts();
    try (PolicyStream stream = connect()) {
      until("acknowledged", () -> isProgrammed("n1"));
      bed.core().sink().accept(acceleration("shop", "web", "off"));
      until("edited", () -> recorder.last().policies().toString().contains("\"off\""));
      bed.core().sink().accept(noPolicy("Acceleration shop/web"));
      until("deleted", () -> recorder.last().policies().isEmpty());

      assertThat(recorder.last().pods()).containsOnlyKeys("1");
      assertThat(stream.status().error()).isEmpty();
    }
  }

  @Test
  void node_refusesAVersion_keepsTheLastAndSaysWhy() throws Exception {
    tellFacts();
    try (PolicyStream stream = connect()) {
      until("acknowledged", () -> isProgrammed("n1"));
      String good = recorder.version();
      recorder.refuse("\"observe\"");

      bed.core().sink().accept(acceleration("shop", "web", "observe"));

      until(
          "refused",
          () -> bed.core().distributor().state("n1").orElseThrow().refusal().isPresent());
      NodeState state = bed.core().distributor().state("n1").orElseThrow();
      assertThat(state.held()).isEqualTo(good);
      assertThat(state.refusal().orElseThrow().reason())
          .isEqualTo(NackReason.NACK_REASON_INVALID_POLICY);
      assertThat(state.refusal().orElseThrow().detail()).startsWith("spec.mode: refused");
      assertThat(stream.status().version()).isEqualTo(good);
      assertThat(stream.status().error()).contains("spec.mode: refused");

      bed.core().sink().accept(acceleration("shop", "web", "off"));

      until("mended", () -> isProgrammed("n1"));
      assertThat(recorder.version()).isNotEqualTo(good);
    }
  }

  @Test
  void plane_gone_nodeKeepsAndResumesWithoutASnapshot() throws Exception {
    tellFacts();
    try (PolicyStream stream = connect()) {
      until("acknowledged", () -> isProgrammed("n1"));
      String version = recorder.version();
      bed.stop();
      until("noticed", () -> !stream.status().isConnected());
      assertThat(stream.status().version()).isEqualTo(version);
      assertThat(stream.status().error()).contains("keeping version " + version);

      bed.restart();
      until("back", () -> bed.core().distributor().isConnected("n1"));
      tellFacts();

      until("up to date", () -> isProgrammed("n1"));
      assertThat(recorder.count()).isEqualTo(1);
    }
  }

  @Test
  void plane_backWithOtherPolicies_nodeFollows() throws Exception {
    tellFacts();
    try (PolicyStream stream = connect()) {
      until("acknowledged", () -> isProgrammed("n1"));
      bed.stop();
      bed.restart();
      bed.core().sink().accept(acceleration("shop", "web", "off"));
      tellFacts();
      bed.core().sink().accept(acceleration("shop", "web", "off"));

      until("follows", () -> recorder.last().policies().toString().contains("\"off\""));
      assertThat(stream.status().error()).isEmpty();
    }
  }

  @Test
  void node_restartedWhilePlaneIsGone_restoresFromDisk() throws Exception {
    tellFacts();
    try (PolicyStream stream = connect()) {
      until("acknowledged", () -> isProgrammed("n1"));
      assertThat(stream.status().isConnected()).isTrue();
    }
    String version = recorder.version();
    bed.stop();

    NodeRecorder again = new NodeRecorder();
    try (PolicyStream stream = PolicyStream.start(bed.node("n1"), again, again)) {
      assertThat(again.version()).isEqualTo(version);
      assertThat(again.last()).isEqualTo(recorder.last());
      assertThat(stream.status().isConnected()).isFalse();
    }
    assertThat(Files.getPosixFilePermissions(directory.resolve("n1/snapshot.json")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void snapshotFile_damaged_isLeftOutAndReplaced() throws Exception {
    tellFacts();
    Path file = directory.resolve("n1/snapshot.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{\"version\": \"forged\", \"nodeLabels\": {\"a\": \"b\"}}");
    try (PolicyStream stream = connect()) {
      until("acknowledged", () -> isProgrammed("n1"));
      assertThat(recorder.count()).isEqualTo(1);
      assertThat(Files.readString(file)).contains(stream.status().version());
    }
  }

  @Test
  void node_secondStream_replacesTheFirst() throws Exception {
    tellFacts();
    try (PolicyStream first = connect()) {
      until("acknowledged", () -> isProgrammed("n1"));
      NodeRecorder other = new NodeRecorder();
      try (PolicyStream second = PolicyStream.start(bed.node("n1"), other, other)) {
        until("second", () -> other.count() == 1 || second.status().isConnected());
        assertThat(bed.core().distributor().states()).hasSize(1);
        assertThat(first.status().version()).isEqualTo(recorder.version());
      }
    }
  }
}
