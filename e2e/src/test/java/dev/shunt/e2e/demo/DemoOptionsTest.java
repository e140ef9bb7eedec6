package dev.shunt.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DemoOptionsTest {
  @Test
  void create_atTheLimits_isAccepted() {
    assertThat(new DemoOptions(1, 1, 1, 1).rounds()).isEqualTo(1);
    assertThat(new DemoOptions(50, 60, 1000, 1 << 20).connections()).isEqualTo(1000);
  }

  @Test
  void create_beyondALimit_namesOptionValueAndLimits() {
    assertThatThrownBy(() -> new DemoOptions(0, 4, 16, 1024))
        .hasMessage("--rounds: 0 (expected: 1..50)");
    assertThatThrownBy(() -> new DemoOptions(1, 61, 16, 1024))
        .hasMessage("--seconds: 61 (expected: 1..60)");
    assertThatThrownBy(() -> new DemoOptions(1, 4, 1001, 1024))
        .hasMessage("--connections: 1001 (expected: 1..1000)");
    assertThatThrownBy(() -> new DemoOptions(1, 4, 16, 2_000_000))
        .hasMessage("--body-bytes: 2000000 (expected: 1..1048576)");
  }
}
