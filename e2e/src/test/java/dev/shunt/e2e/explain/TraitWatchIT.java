package dev.shunt.e2e.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A syscall tracepoint costs every process of the host: it is there only while it is needed. */
class TraitWatchIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Test
  void node_thatAcceleratesNothing_leavesSystemCallsAlone() {
    try (ExplainedHost host = ExplainedHost.start("mode: observe")) {
      assertThat(Await.until(() -> !isWatching(host), LIMIT)).as("observing").isTrue();

      host.ask("mode", "accelerate");
      assertThat(isWatching(host)).as("accelerating").isTrue();

      host.ask("mode", "policy");
      assertThat(Await.until(() -> !isWatching(host), LIMIT)).as("observing again").isTrue();
    }
  }

  private static boolean isWatching(ExplainedHost host) {
    List<?> hooks = (List<?>) Objects.requireNonNull(host.ask("status").get("hooks"));
    return hooks.stream()
        .map(each -> (Map<?, ?>) each)
        .anyMatch(
            hook ->
                String.valueOf(hook.get("hook")).startsWith("tracepoint syscalls/")
                    && Boolean.TRUE.equals(hook.get("attached")));
  }
}
