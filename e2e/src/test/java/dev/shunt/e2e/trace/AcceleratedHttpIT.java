package dev.shunt.e2e.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.explain.ExplainedHost;
import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** {@code shunt trace http} of accelerated connections that were open before. */
class AcceleratedHttpIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int CONNECTIONS = 4;
  private static final int ROUNDS = 25;

  /** A get and a post, seen by both ends. */
  private static final int ROWS = CONNECTIONS * ROUNDS * 2 * 2;

  @Test
  void requests_redirected_areToldOnceByEachEnd() throws IOException {
    try (ExplainedHost host = ExplainedHost.start("mode: accelerate")) {
      Path program = host.directory().resolve("traffic.py");
      try (InputStream source =
          AcceleratedHttpIT.class.getResourceAsStream("/dev/shunt/e2e/tap/traffic.py")) {
        Files.copy(Objects.requireNonNull(source), program);
      }
      Path go = host.directory().resolve("go");
      SceneProcess traffic =
          host.startPython(program, List.of(go.toString(), Integer.toString(CONNECTIONS)));
      Await.until(() -> !traffic.isAlive() || traffic.log().contains("ready"), LIMIT);
      String port = traffic.log().strip().replaceFirst("ready ", "");
      SceneProcess trace = host.watch("trace", "http", "--raw-path", "--port", port);
      Path errors = host.directory().resolve("trace.err");
      Await.until(() -> Files.exists(errors) && text(errors).contains("attached"), LIMIT);
      Files.writeString(host.directory().resolve("next"), ROUNDS + " 10000");
      Files.move(host.directory().resolve("next"), go);
      Await.until(() -> !Files.exists(go) || !traffic.isAlive(), LIMIT);
      Await.until(() -> count(trace, "\"path\"") >= ROWS, LIMIT);

      assertThat(count(trace, "\"status\": 200")).isEqualTo(ROWS);
      assertThat(count(trace, "\"method\": \"GET\"")).isEqualTo(ROWS / 2);
      assertThat(count(trace, "\"client\": true")).isEqualTo(ROWS / 2);
      assertThat(count(trace, "\"path\": \"/post-7-10000\"")).isEqualTo(2L * CONNECTIONS);
      assertThat(count(trace, "\"accelerated\": true")).as(trace::log).isEqualTo(ROWS);
      assertThat(text(errors)).doesNotContain("lost", "shed", "not followed", "skipped");
    }
  }

  private static long count(SceneProcess trace, String field) {
    return trace.log().lines().filter(line -> line.endsWith("}") && line.contains(field)).count();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }
}
