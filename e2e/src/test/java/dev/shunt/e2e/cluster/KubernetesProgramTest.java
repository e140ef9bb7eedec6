package dev.shunt.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class KubernetesProgramTest {
  @Test
  void version_ofTheGoModule_isTheSame() throws IOException {
    String module = Files.readString(Path.of("cluster/kubernetes/go.mod"));

    assertThat(module).contains("k8s.io/kubernetes v" + KubernetesProgram.VERSION + "\n");
    assertThat(module.lines().filter(line -> line.contains("=> k8s.io/")))
        .isNotEmpty()
        .allMatch(line -> line.endsWith(" v0" + KubernetesProgram.VERSION.substring(1)));
  }

  @Test
  void toolchain_newEnough_isTold() {
    assertThat(GoToolchain.isNewEnough("go1.24.0")).isTrue();
    assertThat(GoToolchain.isNewEnough("go1.26.8")).isTrue();
    assertThat(GoToolchain.isNewEnough("go1.19.8")).isFalse();
    assertThat(GoToolchain.isNewEnough("devel")).isFalse();
  }
}
