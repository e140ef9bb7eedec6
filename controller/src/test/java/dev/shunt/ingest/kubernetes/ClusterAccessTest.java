package dev.shunt.ingest.kubernetes;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterAccessTest {
  @TempDir private Path home;

  @Test
  void open_outsideACluster_saysSoAndWhatToDo() {
    assumeThat(System.getenv("KUBERNETES_SERVICE_HOST")).as("these tests run in a pod").isNull();

    assertThatThrownBy(() -> ClusterAccess.open(Optional.empty()))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "read service account failed: this process runs in no pod (KUBERNETES_SERVICE_HOST is"
                + " not set); give --kubeconfig");
  }

  @Test
  void open_kubeconfigThatIsNone_namesTheFile() throws IOException {
    Path file = Files.writeString(home.resolve("config"), "[");

    assertThatThrownBy(() -> ClusterAccess.open(Optional.of(file)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("read kubeconfig " + file + " failed: ");
  }
}
