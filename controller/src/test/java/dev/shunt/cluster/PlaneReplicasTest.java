package dev.shunt.cluster;

import static dev.shunt.cluster.TestFacts.node;
import static dev.shunt.cluster.TestFacts.pod;
import static dev.shunt.publish.grpc.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cluster.distribute.NodeState;
import dev.shunt.cluster.replicas.ReplicaAddress;
import dev.shunt.ingest.distribution.PolicyStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas with one authority: each knows the nodes of both. */
class PlaneReplicasTest {
  @TempDir private Path directory;
  private final NodeRecorder recorder = new NodeRecorder();
  private PlaneBed hub;
  private PlaneBed other;

  @BeforeEach
  void start() throws Exception {
    hub = new PlaneBed(directory);
    other = hub.replica();
    for (PlaneBed bed : new PlaneBed[] {hub, other}) {
      bed.core().sink().accept(node("n1", Map.of()));
      bed.core().sink().accept(pod("1", "shop", "n1", "web"));
      bed.core().sink().synced();
    }
    other.core().follow(Optional.of(new ReplicaAddress("hub", "127.0.0.1", hub.port())));
  }

  @AfterEach
  void stop() {
    other.close();
    hub.close();
  }

  private static boolean isProgrammed(PlaneBed bed) {
    return bed.core().directory().state("n1").map(NodeState::isProgrammed).orElse(false);
  }

  @Test
  void node_ofTheOtherReplica_knownAtTheHub() throws Exception {
    try (PolicyStream stream = PolicyStream.start(other.node("n1"), recorder, recorder)) {
      until("known at the hub", () -> isProgrammed(hub));

      assertThat(hub.core().distributor().states()).isEmpty();
      assertThat(stream.status().error()).isEmpty();
    }
    until("gone at the hub", () -> hub.core().directory().state("n1").isEmpty());
  }

  @Test
  void node_ofTheHub_knownAtTheOtherReplica() throws Exception {
    try (PolicyStream stream = PolicyStream.start(hub.node("n1"), recorder, recorder)) {
      until("known at the other", () -> isProgrammed(other));
      assertThat(stream.status().error()).isEmpty();

      hub.stop();

      until("forgotten with the stream", () -> !isProgrammed(other));
    }
  }
}
