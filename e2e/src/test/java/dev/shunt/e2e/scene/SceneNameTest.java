package dev.shunt.e2e.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SceneNameTest {
  /** Above the largest process id that any Linux can give (PID_MAX_LIMIT, 4 Mi). */
  private static final String ENDED = "999999999";

  @Test
  void fresh_twice_differs() {
    assertThat(SceneName.fresh("demo").toString()).isNotEqualTo(SceneName.fresh("demo").toString());
  }

  @Test
  void fresh_kindWithOtherCharacters_isRefused() {
    assertThatThrownBy(() -> SceneName.fresh("a/b")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isLeftover_ownerRuns_isNot() {
    assertThat(SceneName.isLeftover(SceneName.fresh("demo") + "-plain-a")).isFalse();
  }

  @Test
  void isLeftover_ownerEnded_is() {
    assertThat(SceneName.isLeftover("shunt-demo-" + ENDED + "-00beef")).isTrue();
    assertThat(SceneName.isLeftover("shunt-demo-" + ENDED + "-00beef-plain-a")).isTrue();
  }

  @Test
  void isLeftover_nameOfSomebodyElse_isNot() {
    assertThat(SceneName.isLeftover("shunt-" + ENDED)).isFalse();
    assertThat(SceneName.isLeftover("shunt-demo-" + ENDED + "-00beefx")).isFalse();
    assertThat(SceneName.isLeftover("my-shunt-demo-" + ENDED + "-00beef")).isFalse();
  }
}
