package dev.shunt.e2e.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real workload that acceleration does no good, and a real node that sees it. */
class StandDownIT {
  /** Three windows of 5 s, and the traffic before them. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private ExplainedHost host;

  @BeforeEach
  void startNode() {
    host = ExplainedHost.start("mode: accelerate");
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void endpoint_mostlyByTcp_isObservedSaidAndOutrankedByHand() {
    SceneProcess events = host.watch("events", "--type", "stand_down", "--limit", "1");
    startLosing();

    Await.until(() -> endpoint().get("stand_down") != null, LIMIT);

    Map<?, ?> endpoint = endpoint();
    assertThat(endpoint.get("mode")).isEqualTo("observe");
    Map<?, ?> down = (Map<?, ?>) Objects.requireNonNull(endpoint.get("stand_down"));
    assertThat(down.get("cause")).isEqualTo("mostly_by_tcp");
    assertThat(down.get("detail")).asString().contains("went by TCP");
    assertThat(events.awaitExit(LIMIT)).isZero();
    assertThat(events.log()).contains("default/covered", "observed until");
    assertThat(host.metrics())
        .containsPattern("shunt_stand_downs_total 1")
        .containsPattern("shunt_endpoints_stood_down 1");
    assertThat(Instant.parse((String) down.get("retry"))).isAfter(Instant.now());

    host.ask("mode", "accelerate");

    assertThat(endpoint().get("mode")).isEqualTo("accelerate");
    assertThat(endpoint().get("stand_down")).isNull();
  }

  private void startLosing() {
    SceneProcess python = host.startPython("losing.py", List.of());
    Await.until(() -> !python.isAlive() || python.log().contains("ready"), LIMIT);
    assertThat(python.log()).startsWith("ready");
  }

  private Map<?, ?> endpoint() {
    return host.endpoint("default/covered");
  }
}
