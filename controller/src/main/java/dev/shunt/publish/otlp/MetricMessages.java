package dev.shunt.publish.otlp;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBucket;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The metrics of a scrape as messages, under the same names. Stateless. */
final class MetricMessages {
  /** Collectors take 4 MiB in a call if nobody has told them otherwise; this is a half of it. */
  private static final int POINTS_MAX = 2000;

  private static final int NANOS_PER_SECOND = 1_000_000_000;

  private MetricMessages() {}

  /** Calls of at most so many points, or of one metric. */
  static List<ExportMetricsServiceRequest> requests(
      MetricSnapshots metrics, NodeResource node, Instant now) {
    long nanos = now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
    List<ExportMetricsServiceRequest> requests = new ArrayList<>();
    List<Metric> part = new ArrayList<>();
    int points = 0;
    for (MetricSnapshot metric : metrics) {
      int more = metric.getDataPoints().size();
      if (points > 0 && points + more > POINTS_MAX) {
        requests.add(request(part, node));
        part.clear();
        points = 0;
      }
      if (more > 0) {
        part.add(metric(metric, nanos));
        points += more;
      }
    }
    if (!part.isEmpty()) {
      requests.add(request(part, node));
    }
    return requests;
  }

  private static ExportMetricsServiceRequest request(List<Metric> metrics, NodeResource node) {
    ScopeMetrics.Builder scope =
        ScopeMetrics.newBuilder()
            .setScope(InstrumentationScope.newBuilder().setName("shunt").setVersion(node.version()))
            .addAllMetrics(metrics);
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder().setResource(node.own()).addScopeMetrics(scope))
        .build();
  }

  private static Metric metric(MetricSnapshot metric, long nanos) {
    String name = metric.getMetadata().getPrometheusName();
    Metric.Builder message =
        Metric.newBuilder()
            .setName(name)
            .setDescription(String.valueOf(metric.getMetadata().getHelp()))
            .setUnit(unit(name));
    if (metric instanceof CounterSnapshot counter) {
      Sum.Builder sum =
          Sum.newBuilder()
              .setIsMonotonic(true)
              .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
      counter
          .getDataPoints()
          .forEach(point -> sum.addDataPoints(number(point, point.getValue(), nanos)));
      message.setSum(sum);
    } else if (metric instanceof GaugeSnapshot gauge) {
      Gauge.Builder now = Gauge.newBuilder();
      gauge
          .getDataPoints()
          .forEach(point -> now.addDataPoints(number(point, point.getValue(), nanos)));
      message.setGauge(now);
    } else if (metric instanceof HistogramSnapshot histogram) {
      Histogram.Builder all =
          Histogram.newBuilder()
              .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
      histogram.getDataPoints().forEach(point -> all.addDataPoints(distribution(point, nanos)));
      message.setHistogram(all);
    } else {
      throw new IllegalArgumentException(name + " is of a kind that is not exported");
    }
    return message.build();
  }

  /**
   * In the words of UCUM; counts of things have none: "1" would make receivers call gauges ratios.
   */
  private static String unit(String name) {
    if (name.endsWith("_seconds")) {
      return "s";
    }
    return name.endsWith("_bytes") ? "By" : "";
  }

  private static NumberDataPoint.Builder number(DataPointSnapshot point, double value, long nanos) {
    return NumberDataPoint.newBuilder()
        .setStartTimeUnixNano(begin(point))
        .setTimeUnixNano(nanos)
        .setAsDouble(value)
        .addAllAttributes(attributes(point.getLabels()));
  }

  private static HistogramDataPoint.Builder distribution(
      HistogramDataPointSnapshot point, long nanos) {
    HistogramDataPoint.Builder message =
        HistogramDataPoint.newBuilder()
            .setStartTimeUnixNano(begin(point))
            .setTimeUnixNano(nanos)
            .setSum(point.getSum())
            .addAllAttributes(attributes(point.getLabels()));
    long count = 0;
    for (ClassicHistogramBucket bucket : point.getClassicBuckets()) {
      count += bucket.getCount();
      message.addBucketCounts(bucket.getCount());
      if (Double.isFinite(bucket.getUpperBound())) {
        message.addExplicitBounds(bucket.getUpperBound());
      }
    }
    for (io.prometheus.metrics.model.snapshots.Exemplar exemplar : point.getExemplars()) {
      message.addExemplars(exemplar(exemplar));
    }
    return message.setCount(count);
  }

  private static Exemplar exemplar(io.prometheus.metrics.model.snapshots.Exemplar told) {
    return Exemplar.newBuilder()
        .setTimeUnixNano(TimeUnit.MILLISECONDS.toNanos(told.getTimestampMillis()))
        .setAsDouble(told.getValue())
        .setTraceId(id(told, io.prometheus.metrics.model.snapshots.Exemplar.TRACE_ID))
        .setSpanId(id(told, io.prometheus.metrics.model.snapshots.Exemplar.SPAN_ID))
        .build();
  }

  private static ByteString id(io.prometheus.metrics.model.snapshots.Exemplar told, String label) {
    return ByteString.copyFrom(HexFormat.of().parseHex(told.getLabels().get(label)));
  }

  /** 0, which means unknown, for what the kernel went on counting while no node ran. */
  private static long begin(DataPointSnapshot point) {
    return point.hasCreatedTimestamp()
        ? TimeUnit.MILLISECONDS.toNanos(point.getCreatedTimestampMillis())
        : 0;
  }

  private static List<KeyValue> attributes(Labels labels) {
    return labels.stream()
        .filter(label -> !label.getValue().isEmpty())
        .map(label -> Attributes.of(label.getName(), label.getValue()))
        .toList();
  }
}
