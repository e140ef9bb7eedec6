package dev.shunt.publish.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.telemetry.TelemetryFamily;
import dev.shunt.observe.telemetry.TelemetryMetrics;
import dev.shunt.observe.telemetry.TraceEvents;
import dev.shunt.publish.grpc.Await;
import dev.shunt.publish.otlp.OtlpConfig.Compression;
import dev.shunt.publish.otlp.OtlpConfig.Roots;
import io.grpc.Status;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Metrics that need more than one call, and what is sent at the end. */
class OtlpPartsTest {
  /** Another metric does not fit beside it into a call. */
  private static final int MANY = 2000;

  private static final Duration OFTEN = Duration.ofMillis(50);
  private static final Duration SELDOM = Duration.ofMinutes(10);

  private final TelemetryMetrics metrics = new TelemetryMetrics();
  private final AtomicLong value = new AtomicLong(1);
  private final ExportLog log = new ExportLog();

  @AfterEach
  void stopListening() {
    log.close();
  }

  private void whileExporting(Collector collector, Duration interval, Runnable body) {
    try (OtlpExporter exporter = start(collector, interval)) {
      exporter.offer(TraceEvents.get("/a", 1000, Optional.empty())); // no span
      body.run();
    }
  }

  private OtlpExporter start(Collector collector, Duration interval) {
    OtlpExporter exporter =
        new OtlpExporter(
            new OtlpConfig(
                OtlpEndpoint.parse("--x", "grpc://127.0.0.1:" + collector.port()),
                OtlpConfig.Files.NONE,
                Compression.NONE,
                interval,
                Roots.NONE),
            new NodeResource("host-1", Optional.empty(), "1.2.3"),
            metrics);
    exporter.start(() -> MetricSnapshots.of(gauge("first", MANY), gauge("second", 1)));
    return exporter;
  }

  private GaugeSnapshot gauge(String name, int points) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name);
    for (int i = 0; i < points; i++) {
      gauge.dataPoint(
          GaugeDataPointSnapshot.builder()
              .labels(Labels.of("number", Integer.toString(i)))
              .value((double) value.get())
              .build());
    }
    return gauge.build();
  }

  private long calls(String outcome) {
    return metrics.snapshot().stream()
        .filter(snapshot -> snapshot.family() == TelemetryFamily.OTLP_EXPORTS)
        .flatMap(snapshot -> snapshot.points().stream())
        .filter(point -> point.labels().equals(List.of("metrics", outcome)))
        .mapToLong(point -> point.count())
        .sum();
  }

  private List<String> lines() {
    return log.lines();
  }

  /** What arrived last of a metric of one point. */
  private static double last(Collector collector, String name) {
    List<Metric> all =
        collector.metrics().stream().filter(metric -> metric.getName().equals(name)).toList();
    return all.get(all.size() - 1).getGauge().getDataPoints(0).getAsDouble();
  }

  /** Else those behind it would never arrive. */
  @Test
  void part_thatIsRefused_keepsNoOtherAndIsToldOnce() throws IOException {
    try (Collector collector = Collector.start(0)) {
      collector.failMetric("first", Status.INVALID_ARGUMENT);
      whileExporting(
          collector,
          OFTEN,
          () -> Await.until("exports", () -> calls("refused") > 2 && calls("taken") > 2));
      assertThat(collector.metrics()).extracting(Metric::getName).containsOnly("second");
      assertThat(lines()).singleElement().asString().contains("INVALID_ARGUMENT/3");
    }
  }

  @Test
  void part_thatFails_keepsNoOther() throws IOException {
    try (Collector collector = Collector.start(0)) {
      collector.failMetric("first", Status.UNAVAILABLE);
      whileExporting(collector, OFTEN, () -> Await.until("the other", () -> calls("taken") > 0));
      assertThat(collector.metrics()).extracting(Metric::getName).containsOnly("second");
    }
  }

  /** What was taken of an export that failed is no success. */
  @Test
  void part_thatFailsAfterOneThatWasTaken_backsOffAndIsToldOnce() throws IOException {
    try (Collector collector = Collector.start(0)) {
      collector.failMetric("second", Status.UNAVAILABLE);
      whileExporting(
          collector,
          OFTEN,
          () -> {
            Await.until("failures", () -> calls("later") > 2);
            assertThat(lines()).singleElement().asString().contains("UNAVAILABLE/14");
            collector.fail(null);
            Await.until("a success", () -> lines().size() == 2);
          });
      assertThat(lines().get(1)).endsWith("works again");
    }
  }

  /** Each part would take as long, with no end of it in sight. */
  @Test
  void part_thatIsNotAnswered_endsTheExport() throws IOException {
    try (Collector collector = Collector.start(0)) {
      collector.hang();
      whileExporting(collector, SELDOM, () -> Await.until("a failure", () -> !lines().isEmpty()));
      assertThat(collector.metrics()).extracting(Metric::getName).containsOnly("first");
      assertThat(lines()).singleElement().asString().contains("(DEADLINE_EXCEEDED/4); it is tried");
      assertThat(calls("later")).isEqualTo(1);
    }
  }

  @Test
  void sums_atTheEnd_areSentOnceMore() throws IOException {
    try (Collector collector = Collector.start(0)) {
      whileExporting(
          collector,
          SELDOM,
          () -> {
            Await.until("the first export", () -> calls("taken") == 2);
            value.set(2);
          });
      assertThat(calls("taken")).isEqualTo(4);
      assertThat(last(collector, "second")).isEqualTo(2);
    }
  }

  @Test
  void spans_ofSeveralBatchesAtTheEnd_areSent() throws IOException {
    int offered = SpanQueue.WAITING_MAX - 1;
    try (Collector collector = Collector.start(0)) {
      try (OtlpExporter exporter = start(collector, SELDOM)) {
        for (int i = 0; i < offered; i++) {
          exporter.offer(TraceEvents.get("/a", 1000, Optional.of(TraceEvents.SAMPLED)));
        }
      }
      assertThat(collector.spans().size()).isEqualTo(offered);
    }
  }
}
