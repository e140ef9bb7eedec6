package dev.shunt.publish.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.InMemoryNode;
import dev.shunt.observe.telemetry.TraceEvents;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a scrape tells of telemetry, in each of the formats that it may ask for. */
class TelemetryScrapeTest {
  private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";
  private static final String LABELS =
      "accelerated=\"yes\",grpc_status=\"\",method=\"GET\",path=\"/users/{id}\",pod_namespace=\"shop\","
          + "reset=\"\",side=\"server\",status=\"200\",workload=\"Deployment/cart\"";
  private static final String NAME = "shunt_http_request_duration_seconds";

  private final InMemoryNode node = new InMemoryNode();
  private MetricsServer server;

  @BeforeEach
  void start() throws Exception {
    server = MetricsServer.start(node, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    node.memoryTelemetry()
        .sink(request -> {})
        .event(TraceEvents.get("/users/{id}", 3_000_000, Optional.of(TraceEvents.SAMPLED)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> scrape(String accept) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/metrics"))
            .header("Accept", accept)
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static List<String> lines(HttpResponse<String> response) {
    return response.body().lines().filter(line -> line.startsWith(NAME)).toList();
  }

  @Test
  void scrape_asOpenMetrics_hasExemplars() throws Exception {
    HttpResponse<String> response = scrape(OPEN_METRICS);

    assertThat(response.headers().firstValue("Content-Type").orElse("")).contains("openmetrics");
    assertThat(response.body()).endsWith("# EOF\n");
    assertThat(lines(response))
        .contains(
            NAME + "_bucket{" + LABELS + ",le=\"0.0025\"} 0",
            NAME
                + "_bucket{"
                + LABELS
                + ",le=\"0.005\"} 1 # {span_id=\"00f067aa0ba902b7\","
                + "trace_id=\"4bf92f3577b34da6a3ce929d0e0e4736\"} 0.003 1700000000.000",
            NAME + "_bucket{" + LABELS + ",le=\"+Inf\"} 1",
            NAME + "_count{" + LABELS + "} 1",
            NAME + "_sum{" + LABELS + "} 0.003");
  }

  @Test
  void scrape_asPlainText_isTheSameWithoutExemplars() throws Exception {
    HttpResponse<String> response = scrape("text/plain; version=0.0.4");

    assertThat(response.headers().firstValue("Content-Type").orElse("")).contains("text/plain");
    assertThat(lines(response))
        .contains(
            NAME + "_bucket{" + LABELS + ",le=\"0.005\"} 1", NAME + "_count{" + LABELS + "} 1");
    assertThat(response.body()).doesNotContain("trace_id");
  }
}
