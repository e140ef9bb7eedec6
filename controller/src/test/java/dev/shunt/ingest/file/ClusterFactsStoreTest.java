package dev.shunt.ingest.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.desired.pod.ClusterFacts;
import dev.shunt.desired.pod.Labels;
import dev.shunt.desired.pod.Pods;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterFactsStoreTest {
  @TempDir private Path state;

  @Test
  void read_nothingKept_isUnknown() {
    ClusterFactsStore.Stored stored = new ClusterFactsStore(state).read();

    assertThat(stored.facts()).isEqualTo(ClusterFacts.UNKNOWN);
    assertThat(stored.error()).isEmpty();
  }

  @Test
  void write_factsOfEverySort_readByTheNextProcess() throws Exception {
    ClusterFacts facts =
        new ClusterFacts(
            List.of(
                Pods.pod("shop", "web").label("example.com/app", "web").deployment("web").build(),
                Pods.pod("shop", "proxy").intercepted().build(),
                Pods.pod("shop", "agent").label("empty", "").hostNetwork().build(),
                Pods.pod("shop", "job").ended().build()),
            new Labels(
                Map.of("shop", Map.of("a", "1", "b", "2"), "bank", Map.of()),
                Map.of("node-1", Map.of("disk", "ssd"))));
    new ClusterFactsStore(state).write(facts);

    assertThat(new ClusterFactsStore(state).read().facts()).isEqualTo(facts);
  }

  @Test
  void read_damagedFile_saysSoAndIsUnknown() throws Exception {
    Files.writeString(state.resolve("pods"), "pod\tonly\n");

    ClusterFactsStore.Stored stored = new ClusterFactsStore(state).read();

    assertThat(stored.facts()).isEqualTo(ClusterFacts.UNKNOWN);
    assertThat(stored.error().orElseThrow())
        .isEqualTo(
            "read pods "
                + state.resolve("pods")
                + " failed: pod?only (expected: a pod, namespace or node); observing pods until the"
                + " API server answers");
  }
}
