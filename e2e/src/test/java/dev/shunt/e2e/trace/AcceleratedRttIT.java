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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code shunt trace rtt} beside accelerated connections, whose data passes no TCP. */
class AcceleratedRttIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int CONNECTIONS = 4;
  private static final int REQUESTS = 25;

  /** A request and a response, of a get and of a post. */
  private static final int MESSAGES = CONNECTIONS * REQUESTS * 4;

  private static final Pattern MESSAGES_TOLD = Pattern.compile("\"messages_redirected\": (\\d+)");

  @Test
  void exchange_redirected_isToldBesideTheRoundTrips() throws IOException {
    try (ExplainedHost host = ExplainedHost.start("mode: accelerate")) {
      SceneProcess traffic = traffic(host);
      long before = redirected(host);
      SceneProcess trace = host.watch("trace", "rtt", "--interval", "0.2");
      Path errors = host.directory().resolve("trace.err");
      Await.until(() -> Files.exists(errors) && text(errors).contains("attached"), LIMIT);
      exchange(host, traffic);
      long sent = redirected(host) - before;
      Await.until(() -> told(trace) >= sent, LIMIT);

      assertThat(sent).isBetween(1L, (long) MESSAGES);
      assertThat(told(trace)).isEqualTo(sent);
      trace.close();
    }
  }

  private static SceneProcess traffic(ExplainedHost host) throws IOException {
    Path program = host.directory().resolve("traffic.py");
    try (InputStream source =
        AcceleratedRttIT.class.getResourceAsStream("/dev/shunt/e2e/tap/traffic.py")) {
      Files.copy(Objects.requireNonNull(source), program);
    }
    SceneProcess traffic =
        host.startPython(program, List.of(go(host).toString(), Integer.toString(CONNECTIONS)));
    Await.until(() -> !traffic.isAlive() || traffic.log().contains("ready"), LIMIT);
    assertThat(traffic.log()).startsWith("ready");
    return traffic;
  }

  private static Path go(ExplainedHost host) {
    return host.directory().resolve("go");
  }

  private static void exchange(ExplainedHost host, SceneProcess traffic) throws IOException {
    Path next = host.directory().resolve("go.next");
    Files.writeString(next, REQUESTS + " 100");
    Files.move(next, go(host));
    assertThat(Await.until(() -> !Files.exists(go(host)) || !traffic.isAlive(), LIMIT)).isTrue();
    assertThat(traffic.isAlive()).as(traffic::log).isTrue();
  }

  /** What the node's own counters say. */
  private static long redirected(ExplainedHost host) {
    return ((Number) Objects.requireNonNull(host.ask("stats").get("messages_redirected")))
        .longValue();
  }

  /** What the last row of the pair says. */
  private static long told(SceneProcess trace) {
    return trace
        .log()
        .lines()
        .filter(line -> line.endsWith("}"))
        .map(MESSAGES_TOLD::matcher)
        .filter(Matcher::find)
        .mapToLong(found -> Long.parseLong(found.group(1)))
        .max()
        .orElse(0);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }
}
