package dev.shunt.e2e.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Step and reason of real connections, as {@code explain} and {@code connections} tell them. */
class ExplainIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String EXEMPT_PORT = "19090";

  private static ExplainedHost host;
  private static Map<String, String> ports;

  @BeforeAll
  static void makeConnections() throws IOException {
    host = ExplainedHost.start("mode: accelerate, ports: {exclude: [%s]}".formatted(EXEMPT_PORT));
    Path program = host.directory().resolve("connections.py");
    try (InputStream source = ExplainIT.class.getResourceAsStream("connections.py")) {
      Files.copy(Objects.requireNonNull(source), program);
    }
    SceneProcess python =
        host.startPython(program, List.of(host.otherNamespace(), host.otherAddress(), EXEMPT_PORT));
    Await.until(() -> !python.isAlive() || python.log().contains("\n"), LIMIT);
    assertThat(python.log()).startsWith("ready ");
    ports = new HashMap<>();
    Matcher port = Pattern.compile("(\\w+)=(\\d+)").matcher(python.log());
    while (port.find()) {
      ports.put(port.group(1), port.group(2));
    }
  }

  @AfterAll
  static void close() {
    if (host != null) {
      host.close();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "joined     | joined   | none           | Accelerated: ",
        "spilled    | joined   | not_drained    | Back on TCP: ",
        "young      | unpaired | too_young      | turns that adoption asks for",
        "blocking   | paired   | blocking_reader | O_NONBLOCK",
        "exempt     | unpaired | port_excluded  | port",
        "remote     | unpaired | remote_peer    | in no network namespace that the node watches",
        "unaccepted | unpaired | too_young      | turns that adoption asks for",
      })
  void connection_ofKind_explainAndConnectionsTellTheSameTruth(
      String kind, String step, String reason, String summary) {
    String port = Objects.requireNonNull(ports.get(kind));

    Map<?, ?> explained = host.ask("explain", clientAddress(kind) + ":" + port);
    Map<?, ?> listed = client(host.ask("connections", "--port", port), port);

    Map<?, ?> connection = (Map<?, ?>) Objects.requireNonNull(explained.get("connection"));
    assertThat(connection.get("step")).as("%s", explained).isEqualTo(step);
    assertThat(connection.get("reason")).as("%s", explained).isEqualTo(reason);
    assertThat(explained.get("summary")).asString().contains(summary);
    assertThat(listed.get("step")).as("%s", listed).isEqualTo(step);
    assertThat(listed.get("reason")).as("%s", listed).isEqualTo(reason);
  }

  private static String clientAddress(String kind) {
    return kind.equals("remote") ? host.coveredAddress() : "127.0.0.1";
  }

  private static Map<?, ?> client(Map<?, ?> document, String port) {
    for (Object row : (List<?>) Objects.requireNonNull(document.get("connections"))) {
      if (row instanceof Map<?, ?> connection && port.equals(connection.get("local_port") + "")) {
        return connection;
      }
    }
    throw new AssertionError("no connection from " + port + ": " + document);
  }
}
