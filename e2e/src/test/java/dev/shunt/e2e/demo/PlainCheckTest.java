package dev.shunt.e2e.demo;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.e2e.scene.SceneException;
import org.junit.jupiter.api.Test;

class PlainCheckTest {
  @Test
  void require_allBytesCrossedDevices_passes() {
    assertThatCode(() -> PlainCheck.require(1000, 4_224_000, 1024)).doesNotThrowAnyException();
  }

  @Test
  void require_bytesMissing_saysThatSomethingElseAccelerates() {
    assertThatThrownBy(() -> PlainCheck.require(1000, 1_400_000, 1024))
        .isInstanceOf(SceneException.class)
        .hasMessageContaining("only 1400 bytes per request")
        .hasMessageContaining("expected: 3072 or more");
  }
}
