package dev.shunt.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ClusterToolsTest {
  @Test
  void version_ofTheLauncher_isTheSame() throws IOException {
    assertThat(Files.readString(Path.of("../shunt")))
        .contains("TOOLS_VERSION=" + ClusterTools.VERSION + "\n");
  }
}
