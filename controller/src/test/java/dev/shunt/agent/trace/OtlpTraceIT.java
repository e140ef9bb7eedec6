package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.InMemoryNode;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.observe.trace.TraceSink;
import dev.shunt.publish.grpc.Await;
import dev.shunt.publish.metrics.MetricsServer;
import dev.shunt.publish.otlp.Collector;
import dev.shunt.publish.otlp.NodeResource;
import dev.shunt.publish.otlp.OtlpConfig;
import dev.shunt.publish.otlp.OtlpEndpoint;
import dev.shunt.publish.otlp.OtlpExporter;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From requests of real programs, traced by the real module, to a collector and a scrape: what
 * arrives, and what never may. The collector is one of this process, made of the protocol's stubs.
 */
class OtlpTraceIT {
  private static final OpenTrace.Rates UNLIMITED =
      new OpenTrace.Rates(Integer.MAX_VALUE, Integer.MAX_VALUE);
  private static final String BASE = "http://127.0.0.1:" + NginxTruth.PORT;
  private static final String BASE2 = "http://127.0.0.1:" + NginxTruth.PORT_HTTP2;
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";
  private static final String SAMPLED = "traceparent: 00-" + TRACE + "-" + PARENT + "-01";
  private static final String UNSAMPLED = "traceparent: 00-" + TRACE + "-" + PARENT + "-00";
  private static final String SECRET = "tops3cret";

  private final TraceBed bed = new TraceBed(UNLIMITED);
  private final InMemoryNode node = new InMemoryNode();
  private NginxTruth nginx;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    nginx = NginxTruth.start(bed.netns, directory);
  }

  @AfterEach
  void close() {
    nginx.close();
    bed.close();
  }

  private OtlpExporter export(int port) {
    OtlpExporter exporter =
        new OtlpExporter(
            new OtlpConfig(
                OtlpEndpoint.parse("--otlp-endpoint", "grpc://127.0.0.1:" + port),
                OtlpConfig.Files.NONE,
                OtlpConfig.Compression.NONE,
                Duration.ofSeconds(2),
                OtlpConfig.Roots.NONE),
            new NodeResource("host-1", Optional.of("node-1"), "it"),
            node.memoryTelemetry());
    exporter.start(MetricsServer.snapshots(node));
    return exporter;
  }

  /** From now on requests are traced, measured and exported. */
  private void trace(OtlpExporter exporter) {
    TraceSink sink = node.memoryTelemetry().sink(exporter::offer);
    TraceQuery.Filter filter = new TraceQuery.Filter(0, 0, "test", "");
    bed.hub.trace(
        new TraceQuery(TraceModule.HTTP, filter, Duration.ZERO, Duration.ofSeconds(1)), sink);
  }

  /** With a secret wherever a request may have one. */
  private void curl(String header, String... more) {
    List<String> argv = new ArrayList<>(List.of("curl", "-s", "-o", "/dev/null"));
    argv.addAll(List.of("-H", header, "-H", "Authorization: Bearer " + SECRET));
    argv.addAll(List.of("-H", "Cookie: session=" + SECRET, "-d", "password=" + SECRET));
    argv.addAll(List.of("-H", "tracestate: vendor=" + SECRET, "-H", "baggage: user=" + SECRET));
    argv.addAll(List.of(more));
    bed.netns.call(() -> TestObjects.run(argv));
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  private static Set<String> names(List<Span> spans) {
    return spans.stream().map(Span::getName).collect(Collectors.toSet());
  }

  private String scrape(String accept) throws Exception {
    try (MetricsServer server =
        MetricsServer.start(node, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/metrics"))
              .header("Accept", accept)
              .build();
      return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  @Test
  void requests_ofCurlToNginx_areSpansAndMetricsWithoutSecrets() throws Exception {
    try (Collector collector = Collector.start(0);
        OtlpExporter exporter = export(collector.port())) {
      trace(exporter);
      curl(SAMPLED, BASE + "/users/4711?token=" + SECRET);
      // as a GET: nginx answers without reading a body and resets the stream, which curl minds
      curl(SAMPLED, "-G", "--http2-prior-knowledge", BASE2 + "/missing?token=" + SECRET);
      curl(UNSAMPLED, BASE + "/unsampled?token=" + SECRET);
      curl("X-None: " + SECRET, BASE + "/without?token=" + SECRET);
      curl("traceparent: 00-" + TRACE + "-0000000000000000-01", BASE + "/wrong");
      curl(SAMPLED, BASE + "/last;id=" + SECRET + "?token=" + SECRET);
      Await.until("spans", () -> collector.spans().size() == 6);
      Await.until(
          "metrics",
          () ->
              collector.metrics().stream()
                  .anyMatch(
                      metric -> metric.getName().equals("shunt_http_request_duration_seconds")));

      List<Span> spans = collector.spans();
      assertThat(names(spans)).containsOnly("POST /users/{id}", "GET /missing", "POST /last");
      assertThat(spans)
          .allSatisfy(
              span -> {
                assertThat(hex(span.getTraceId())).isEqualTo(TRACE);
                assertThat(hex(span.getParentSpanId())).isEqualTo(PARENT);
                assertThat(span.getEndTimeUnixNano()).isGreaterThan(span.getStartTimeUnixNano());
              });
      assertThat(spans).extracting(Span::getSpanId).doesNotHaveDuplicates();
      assertThat(spans)
          .filteredOn(span -> span.getKind() == Span.SpanKind.SPAN_KIND_SERVER)
          .hasSize(3);
      String open = scrape("application/openmetrics-text; version=1.0.0");
      assertThat(open)
          .contains("path=\"/users/{id}\"", "path=\"/unsampled\"", "path=\"/without\"")
          .contains("# {span_id=\"" + PARENT + "\",trace_id=\"" + TRACE + "\"}");
      assertThat(
              collector.everything()
                  + open
                  + scrape("text/plain")
                  + node.memoryTelemetry().snapshot())
          .contains("/users/{id}")
          .doesNotContain(SECRET);
      assertThat(nginx.log()).as("what was really asked").hasSize(6);
    }
  }

  @Test
  void collector_goneForAWhile_getsWhatWasAskedMeanwhile() throws IOException {
    int port;
    try (Collector first = Collector.start(0)) {
      port = first.port();
    }
    try (OtlpExporter exporter = export(port)) {
      trace(exporter);
      curl(SAMPLED, BASE + "/early");
      Await.until("the log", () -> nginx.log().size() == 1);
      try (Collector collector = Collector.start(port)) {
        Await.until("both ends", () -> collector.spans().size() == 2);
      }
      curl(SAMPLED, BASE + "/meanwhile");
      Await.until("the log", () -> nginx.log().size() == 2);
      try (Collector back = Collector.start(port)) {
        Await.until("both ends", () -> back.spans().size() == 2);
        assertThat(names(back.spans())).containsOnly("POST /meanwhile");
      }
    }
  }
}
