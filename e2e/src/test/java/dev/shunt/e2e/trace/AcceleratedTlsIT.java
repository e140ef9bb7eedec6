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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code shunt trace http --tls} of connections that were open before. */
class AcceleratedTlsIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int CONNECTIONS = 4;
  private static final int ROUNDS = 25;

  /** Seen by both ends. */
  private static final int ROWS = CONNECTIONS * ROUNDS * 2;

  @ParameterizedTest
  @CsvSource({"accelerate, true", "observe, false"})
  void requests_insideTls_areToldOnceByEachEnd(String mode, String accelerated) throws IOException {
    try (ExplainedHost host = ExplainedHost.start("mode: " + mode)) {
      Path go = host.directory().resolve("go");
      SceneProcess traffic = start(host, go);
      String port = traffic.log().strip().replaceFirst("ready ", "");
      SceneProcess trace = host.watch("trace", "http", "--tls", "--raw-path", "--port", port);
      Path errors = host.directory().resolve("trace.err");
      Await.until(() -> Files.exists(errors) && text(errors).contains("watched"), LIMIT);
      Files.writeString(host.directory().resolve("next"), ROUNDS + " 10000");
      Files.move(host.directory().resolve("next"), go);
      Await.until(() -> !Files.exists(go) || !traffic.isAlive(), LIMIT);
      Await.until(() -> count(trace, "\"path\"") >= ROWS, LIMIT);

      assertThat(count(trace, "\"status\": 200")).as(traffic::log).isEqualTo(ROWS);
      assertThat(count(trace, "\"tls\": true")).isEqualTo(ROWS);
      assertThat(count(trace, "\"client\": true")).isEqualTo(ROWS / 2);
      assertThat(count(trace, "\"path\": \"/get-7-10000\"")).isEqualTo(2L * CONNECTIONS);
      assertThat(count(trace, "\"accelerated\": " + accelerated)).as(trace::log).isEqualTo(ROWS);
      assertThat(trace.log() + text(errors)).doesNotContain("tops3cret");
      assertThat(text(errors)).doesNotContain("lost", "shed", "not followed", "skipped");
    }
  }

  private static SceneProcess start(ExplainedHost host, Path go) throws IOException {
    Path program = host.directory().resolve("tls_traffic.py");
    try (InputStream source = AcceleratedTlsIT.class.getResourceAsStream("tls_traffic.py")) {
      Files.copy(Objects.requireNonNull(source), program);
    }
    SceneProcess traffic =
        host.startPython(
            program,
            List.of(
                go.toString(),
                Integer.toString(CONNECTIONS),
                host.directory().resolve("cert.pem").toString(),
                host.directory().resolve("key.pem").toString()));
    Await.until(() -> !traffic.isAlive() || traffic.log().contains("ready"), LIMIT);
    assertThat(traffic.log()).startsWith("ready");
    return traffic;
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
