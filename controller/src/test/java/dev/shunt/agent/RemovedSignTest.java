package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.shunt.cli.CommandException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in the place of a node's probes after the removal. */
class RemovedSignTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:0", "[::1]:0", "::1:0"})
  void sign_probe_isReady(String address) throws Exception {
    HttpServer server = RemovedSign.at(address).start();
    try {
      String host = address.startsWith("127") ? "127.0.0.1" : "[::1]";
      URI probe = URI.create("http://" + host + ":" + server.getAddress().getPort() + "/readyz");

      assertThat(
              HttpClient.newHttpClient()
                  .send(HttpRequest.newBuilder(probe).build(), BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(200);
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "127.0.0.1", ":80", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1"})
  void at_noAddressAndPort_refusedWithWhatIsExpected(String text) {
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(() -> RemovedSign.at(text))
        .withMessage("--stay: '%s' (expected: an address of this host and a port)".formatted(text));
  }

  @Test
  void at_wrongValue_isAUsageError() {
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(() -> RemovedSign.at("x"))
        .matches(failed -> failed.exitCode() == 2);
  }
}
