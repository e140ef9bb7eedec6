package dev.shunt.publish.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.InMemoryNode;
import dev.shunt.observe.http.TraceContext;
import dev.shunt.observe.telemetry.TelemetryFamily;
import dev.shunt.observe.telemetry.TelemetryMetrics;
import dev.shunt.observe.telemetry.TraceEvents;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.publish.grpc.Await;
import dev.shunt.publish.metrics.MetricsServer;
import dev.shunt.publish.otlp.OtlpConfig.Compression;
import dev.shunt.publish.otlp.OtlpConfig.Roots;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What reaches a collector, and what becomes of the rest. */
class OtlpExporterTest {
  private static final String SECRET = "tops3cret";
  private static final Duration SOON = Duration.ofSeconds(2);

  @TempDir private Path directory;

  private final InMemoryNode node = new InMemoryNode();
  private final ExportLog log = new ExportLog();

  @AfterEach
  void stopListening() {
    log.close();
  }

  private OtlpExporter start(String url, Optional<Path> headers, Roots roots) {
    OtlpExporter exporter =
        new OtlpExporter(
            new OtlpConfig(
                OtlpEndpoint.parse("--x", url),
                new OtlpConfig.Files(headers, Optional.empty(), Optional.empty()),
                Compression.NONE,
                SOON,
                roots),
            new NodeResource("host-1", Optional.empty(), "1.2.3"),
            node.memoryTelemetry());
    exporter.start(MetricsServer.snapshots(node));
    return exporter;
  }

  private OtlpExporter start(Collector collector) {
    return start("grpc://127.0.0.1:" + collector.port(), Optional.empty(), Roots.NONE);
  }

  private static TraceEvent.Http request(Optional<TraceContext> context) {
    return TraceEvents.get("/a", 1000, context);
  }

  private static TraceEvent.Http sampled() {
    return request(Optional.of(TraceEvents.SAMPLED));
  }

  private static long count(TelemetryMetrics metrics, TelemetryFamily family, String... labels) {
    return metrics.snapshot().stream()
        .filter(snapshot -> snapshot.family() == family)
        .flatMap(snapshot -> snapshot.points().stream())
        .filter(point -> point.labels().equals(List.of(labels)))
        .mapToLong(point -> point.count())
        .sum();
  }

  private long count(TelemetryFamily family, String... labels) {
    return count(node.memoryTelemetry(), family, labels);
  }

  private List<String> lines() {
    return log.lines();
  }

  private List<String> linesOf(String signal) {
    return lines().stream().filter(line -> line.startsWith("export " + signal)).toList();
  }

  @Test
  void export_toACollector_bringsSpansAndMetrics() throws IOException {
    try (Collector collector = Collector.start(0);
        OtlpExporter exporter = start(collector)) {
      exporter.offer(sampled());
      exporter.offer(request(Optional.of(TraceEvents.UNSAMPLED)));
      exporter.offer(request(Optional.empty()));
      exporter.offer(sampled());
      Await.until("spans", () -> collector.spans().size() == 2);
      Await.until("metrics", () -> !collector.metrics().isEmpty());
      Await.until("counts", () -> count(TelemetryFamily.OTLP_SPANS_EXPORTED) == 2);

      assertThat(collector.metrics())
          .anyMatch(metric -> metric.getName().equals("shunt_node_ready"));
      Await.until("their count", () -> count(TelemetryFamily.OTLP_EXPORTS, "metrics", "taken") > 0);
      Await.until(
          "metrics again",
          () ->
              collector.metrics().stream()
                      .filter(metric -> metric.getName().equals("shunt_node_ready"))
                      .count()
                  >= 2);
    }
    assertThat(lines()).isEmpty();
  }

  @Test
  void requests_withoutContext_haveSpansWhereThatIsAsked() throws IOException {
    try (Collector collector = Collector.start(0);
        OtlpExporter exporter =
            start("grpc://localhost:" + collector.port(), Optional.empty(), Roots.NEW)) {
      exporter.offer(request(Optional.empty()));
      exporter.offer(request(Optional.of(TraceEvents.UNSAMPLED)));
      exporter.offer(ofThisProcess());
      exporter.offer(sampled());
      Await.until("spans", () -> collector.spans().size() == 2);

      assertThat(collector.spans().get(0).getParentSpanId().isEmpty()).isTrue();
    }
  }

  /** Else each export would be exported. */
  private static TraceEvent.Http ofThisProcess() {
    TraceEvent.Http http = request(Optional.empty());
    TraceEvent.Subject subject = http.subject();
    return new TraceEvent.Http(
        http.time(),
        new TraceEvent.Subject(
            subject.local(),
            subject.remote(),
            subject.place(),
            new TraceEvent.Actor((int) ProcessHandle.current().pid(), "java")),
        http.exchange());
  }

  /** Nobody listens on the port at first. */
  @Test
  void collector_downAndBack_losesNothingThatHasRoom() throws IOException {
    int port;
    try (Collector collector = Collector.start(0)) {
      port = collector.port();
    }
    try (OtlpExporter exporter = start("grpc://127.0.0.1:" + port, Optional.empty(), Roots.NONE)) {
      exporter.offer(sampled());
      Await.until("a failure", () -> count(TelemetryFamily.OTLP_EXPORTS, "spans", "later") > 0);
      exporter.offer(sampled());
      try (Collector back = Collector.start(port)) {
        Await.until("spans", () -> back.spans().size() == 2);
        Await.until("metrics", () -> !back.metrics().isEmpty());
        assertThat(back.spans())
            .extracting(span -> span.getSpanId())
            .as("sent again, not twice")
            .doesNotHaveDuplicates();
        Await.until("a line for each change", () -> linesOf("spans").size() == 2);
      }
    }
    assertThat(linesOf("spans"))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith("export spans to grpc://127.0.0.1:" + port + " failed: ")
                    .contains("refused", "(UNAVAILABLE/14); it is tried again"),
            line -> assertThat(line).endsWith("works again"));
  }

  @Test
  void collector_away_dropsWhatHasNoRoomAndCountsIt() throws IOException {
    try (Collector collector = Collector.start(0)) {
      collector.fail(Status.UNAVAILABLE);
      int offered = 3 * SpanQueue.WAITING_MAX;
      try (OtlpExporter exporter = start(collector)) {
        long begin = System.nanoTime();
        for (int i = 0; i < offered; i++) {
          exporter.offer(sampled());
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
        Await.until("a failure", () -> count(TelemetryFamily.OTLP_EXPORTS, "spans", "later") > 0);
      }
      long full = count(TelemetryFamily.OTLP_SPANS_DROPPED, "queue_full");
      assertThat(full).isPositive();
      assertThat(full + count(TelemetryFamily.OTLP_SPANS_DROPPED, "stopped")).isEqualTo(offered);
      assertThat(collector.spans()).isEmpty();
    }
  }

  @Test
  void spans_refusedOrRejected_areCountedAndNotSentAgain() throws IOException {
    try (Collector collector = Collector.start(0);
        OtlpExporter exporter = start(collector)) {
      collector.fail(Status.INVALID_ARGUMENT);
      exporter.offer(sampled());
      Await.until("drop", () -> count(TelemetryFamily.OTLP_SPANS_DROPPED, "refused") == 1);
      collector.fail(null);
      collector.reject(1);
      exporter.offer(sampled());
      exporter.offer(sampled());
      // one of each call, of which there are one or two
      Await.until(
          "the outcome",
          () ->
              count(TelemetryFamily.OTLP_SPANS_DROPPED, "refused")
                      + count(TelemetryFamily.OTLP_SPANS_EXPORTED)
                  == 3);

      assertThat(count(TelemetryFamily.OTLP_SPANS_DROPPED, "refused")).isGreaterThan(1);
      assertThat(collector.spans()).hasSize(2);
    }
    assertThat(lines()).anyMatch(line -> line.contains("INVALID_ARGUMENT/3"));
  }

  @Test
  void spans_waitingAtTheEnd_areSentFirst() throws IOException {
    try (Collector collector = Collector.start(0)) {
      try (OtlpExporter exporter = start(collector)) {
        for (int i = 0; i < 100; i++) {
          exporter.offer(sampled());
        }
      }
      assertThat(collector.spans()).hasSize(100);
      assertThat(count(TelemetryFamily.OTLP_SPANS_EXPORTED)).isEqualTo(100);
    }
  }

  @Test
  void headers_ofTheFile_goAlongAndAreNeverLogged() throws IOException {
    Path headers = directory.resolve("headers");
    try (Collector collector = Collector.start(0)) {
      collector.fail(Status.UNAUTHENTICATED);
      collector.echo();
      try (OtlpExporter exporter =
          start("grpc://127.0.0.1:" + collector.port(), Optional.of(headers), Roots.NONE)) {
        Await.until("the missing file", () -> lines().size() == 1);
        Files.writeString(headers, "Authorization: Bearer " + SECRET + "\n");
        Await.until("a token", () -> collector.tokens().contains("Bearer " + SECRET));
        exporter.offer(sampled());
        Await.until("a refusal", () -> lines().size() == 2);
        Files.writeString(headers, "Authorization: Bearer next-" + SECRET + "\n");
        collector.fail(null);
        Await.until("spans", () -> collector.spans().size() == 1);
        assertThat(collector.tokens()).endsWith("Bearer next-" + SECRET);
      }
    }
    assertThat(lines().get(0)).contains("headers failed: no such file (ENOENT/2)");
    assertThat(lines().get(1)).contains("UNAUTHENTICATED/16", "[redacted]");
    assertThat(lines()).noneMatch(line -> line.contains(SECRET));
    assertThat(node.memoryTelemetry().snapshot().toString()).doesNotContain(SECRET);
  }
}
