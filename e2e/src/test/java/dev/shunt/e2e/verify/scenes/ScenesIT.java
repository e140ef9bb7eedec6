package dev.shunt.e2e.verify.scenes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.SceneRequirements;
import dev.shunt.e2e.scene.Teardown;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two scenes that differ in everything; {@code shunt verify scenes} has all. */
class ScenesIT {
  private final Teardown teardown = new Teardown();

  @BeforeEach
  void requireHost() {
    SceneRequirements.check();
  }

  @AfterEach
  void removeAll() {
    teardown.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"istio_mtls_http1", "istio_tproxy_v6_http1"})
  void row_scene_behavesEqualAndRedirectsEveryHop(String name) {
    SceneShape shape =
        SceneShape.all().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow();

    SceneRow row = new SceneRun(shape, 0).row(teardown);

    assertThat(row.failure()).isEmpty();
    assertThat(row.verdict()).isEqualTo(SceneRow.Verdict.EQUAL);
    assertThat(row.observations()).isGreaterThan(50);
    assertThat(row.hops()).hasSize(3).allMatch(hop -> hop.connections() >= SceneLoad.CONNECTIONS);
    assertThat(row.share()).isGreaterThan(SceneRow.GOAL_SHARE);
  }
}
