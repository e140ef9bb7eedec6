package dev.shunt.publish.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.InMemoryNode;
import dev.shunt.observe.telemetry.TraceEvents;
import dev.shunt.observe.trace.TraceSink;
import dev.shunt.publish.metrics.MetricsServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The metrics of a scrape as messages. */
class MetricMessagesTest {
  private final InMemoryNode node = new InMemoryNode();

  private List<ExportMetricsServiceRequest> requests() {
    return MetricMessages.requests(
        MetricsServer.snapshots(node).get(),
        new NodeResource("host-1", Optional.empty(), "1.2.3"),
        Instant.ofEpochSecond(1_800_000_000));
  }

  private static Stream<Metric> metrics(ExportMetricsServiceRequest request) {
    return request.getResourceMetrics(0).getScopeMetrics(0).getMetricsList().stream();
  }

  private Metric metric(String name) {
    return requests().stream()
        .flatMap(MetricMessagesTest::metrics)
        .filter(metric -> metric.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void counter_exported_isACumulativeSum() {
    Metric spills = metric("shunt_spills");

    assertThat(spills.getSum().getIsMonotonic()).isTrue();
    assertThat(spills.getSum().getAggregationTemporality())
        .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
    assertThat(spills.getSum().getDataPoints(0).getAsDouble()).isEqualTo(7);
    assertThat(spills.getSum().getDataPoints(0).getAttributes(0).getKey()).isEqualTo("endpoint");
    assertThat(spills.getSum().getDataPoints(0).getTimeUnixNano())
        .isEqualTo(1_800_000_000_000_000_000L);
    assertThat(spills.getUnit()).isEmpty();
    assertThat(metric("shunt_redirected_bytes").getUnit()).isEqualTo("By");
  }

  @Test
  void gauge_exported_isOne() {
    assertThat(metric("shunt_node_ready").getGauge().getDataPoints(0).getAsDouble()).isEqualTo(1);
  }

  @Test
  void histogram_exported_hasBucketsAndExemplars() {
    node.memoryTelemetry()
        .sink(request -> {})
        .event(TraceEvents.get("/a", 3_000_000, Optional.of(TraceEvents.SAMPLED)));
    Metric durations = metric("shunt_http_request_duration_seconds");
    HistogramDataPoint point = durations.getHistogram().getDataPoints(0);

    assertThat(durations.getUnit()).isEqualTo("s");
    assertThat(point.getCount()).isEqualTo(1);
    assertThat(point.getSum()).isEqualTo(0.003);
    assertThat(point.getBucketCountsList()).hasSize(point.getExplicitBoundsCount() + 1);
    int bucket = point.getExplicitBoundsList().indexOf(0.005);
    assertThat(point.getBucketCounts(bucket)).isEqualTo(1);
    assertThat(point.getStartTimeUnixNano()).isPositive();
    assertThat(point.getExemplarsList()).hasSize(1);
    assertThat(HexFormat.of().formatHex(point.getExemplars(0).getTraceId().toByteArray()))
        .isEqualTo(TraceEvents.SAMPLED.traceId());
    assertThat(point.getAttributesList())
        .extracting(attribute -> attribute.getKey())
        .as("without those that are empty")
        .containsExactlyInAnyOrder(
            "side", "method", "path", "status", "accelerated", "pod_namespace", "workload");
  }

  /** Collectors refuse messages of more than 4 MiB. */
  @Test
  void metrics_ofAFullNode_areSeveralCalls() {
    TraceSink sink = node.memoryTelemetry().sink(request -> {});
    for (int i = 0; i < 2000; i++) {
      sink.event(TraceEvents.get("/p".repeat(50) + i, 1000, Optional.of(TraceEvents.SAMPLED)));
    }
    List<ExportMetricsServiceRequest> requests = requests();

    assertThat(requests)
        .allSatisfy(request -> assertThat(request.getSerializedSize()).isLessThan(4 * 1024 * 1024));
    List<String> names =
        requests.stream().flatMap(MetricMessagesTest::metrics).map(Metric::getName).toList();
    assertThat(names).doesNotHaveDuplicates().contains("shunt_node_ready");
  }
}
