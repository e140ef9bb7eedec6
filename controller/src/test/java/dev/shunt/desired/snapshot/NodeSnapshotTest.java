package dev.shunt.desired.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The version of a snapshot. */
class NodeSnapshotTest {
  private static final String KEY = "Acceleration shop/web";

  /**
   * A node of one release keeps on its disk what a node of the next one reads, and checks its
   * version: another digest would leave it without policies until the control plane answers.
   */
  @Test
  void version_sameContent_sameInEveryRelease() {
    NodeSnapshot snapshot =
        NodeSnapshot.of(
            Map.of(KEY, PolicyDocument.of(KEY, "{}")),
            Map.of("shop", Map.of("team", "größe")),
            Map.of("zone", "z1"),
            Assignments.of(
                Map.of(
                    "u1", new PodAssignment("u1", "shop", "web-1", "Deployment/web", List.of(KEY)),
                    "u2", new PodAssignment("u2", "shop", "db-1", "StatefulSet/db", List.of()))));

    assertThat(snapshot.version()).isEqualTo("f5ce2321240dbab1ab7cea7d9e1abc8f");
    assertThat(NodeSnapshot.EMPTY.version()).isEqualTo("9af15b336e6a9619928537df30b2e6a2");
  }
}
