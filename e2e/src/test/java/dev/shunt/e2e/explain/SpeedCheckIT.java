package dev.shunt.e2e.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real workloads that a real node compares with themselves on TCP. */
class SpeedCheckIT {
  /** A comparison that finds a loss takes 50 s. */
  private static final Duration LIMIT = Duration.ofSeconds(150);

  private static final int BURNERS = 4;
  private static final int CHECKS = 2;
  private static final String PASSED = "endpoint default/covered: no slower than on TCP";

  private ExplainedHost host;

  @BeforeEach
  void startNode() {
    host = ExplainedHost.start("mode: accelerate", "--speed-check", "10");
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void endpoint_fasterThanOnTcpOnABusyHost_staysAccelerated() {
    for (int i = 0; i < BURNERS; i++) {
      host.startPython("burning.py", List.of());
    }
    talk();

    assertThat(Await.until(() -> host.nodeLog().split(PASSED, -1).length > CHECKS, LIMIT))
        .as("checks: %s", host.nodeLog())
        .isTrue();

    assertThat(host.metrics()).containsPattern("shunt_stand_downs_total 0");
    assertThat(
            Await.until(
                () -> "accelerate".equals(host.endpoint("default/covered").get("mode")), LIMIT))
        .isTrue();
  }

  private void talk() {
    SceneProcess python = host.startPython("talking.py", List.of());
    Await.until(() -> !python.isAlive() || python.log().contains("ready"), LIMIT);
    assertThat(python.log()).startsWith("ready");
  }
}
