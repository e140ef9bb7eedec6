package dev.shunt.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.e2e.scene.SceneException;
import org.junit.jupiter.api.Test;

class MachineCpuTest {
  @Test
  void busyMicrosIn_statFile_leavesOutIdleIowaitAndSteal() {
    String stat = "cpu  100 20 3000 777 555 40 5 999 0 0\ncpu0 1 2 3 4 5 6 7 8 9 0\n";

    assertThat(MachineCpu.busyMicrosIn(stat)).isEqualTo((100 + 20 + 3000 + 40 + 5) * 10_000L);
  }

  @Test
  void busyMicrosIn_otherText_isRefused() {
    assertThatThrownBy(() -> MachineCpu.busyMicrosIn("intr 1 2 3 4 5 6 7 8 9"))
        .isInstanceOf(SceneException.class);
  }
}
