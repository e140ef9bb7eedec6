package dev.shunt.publish.metrics;

import dev.shunt.observe.telemetry.FamilySnapshot;
import dev.shunt.observe.telemetry.FamilySnapshot.Point;
import dev.shunt.observe.telemetry.TelemetryFamily;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;

/**
 * The metrics of telemetry. Exemplars show where the format that is asked for has them. Stateless.
 */
final class TelemetryFamilies {
  private TelemetryFamilies() {}

  static void add(MetricSnapshots.Builder metrics, List<FamilySnapshot> families) {
    for (FamilySnapshot family : families) {
      metrics.metricSnapshot(family.family().isCounter() ? counter(family) : histogram(family));
    }
  }

  private static MetricSnapshot counter(FamilySnapshot family) {
    CounterSnapshot.Builder counter =
        CounterSnapshot.builder().name(family.family().metric()).help(family.family().help());
    for (Point point : family.points()) {
      counter.dataPoint(
          CounterDataPointSnapshot.builder()
              .value((double) point.count())
              .labels(labels(family, point))
              .createdTimestampMillis(point.begin().toEpochMilli())
              .build());
    }
    return counter.build();
  }

  private static MetricSnapshot histogram(FamilySnapshot family) {
    HistogramSnapshot.Builder histogram =
        HistogramSnapshot.builder().name(family.family().metric()).help(family.family().help());
    List<Double> bounds = bounds(family.family());
    for (Point point : family.points()) {
      histogram.dataPoint(
          HistogramDataPointSnapshot.builder()
              .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, point.counts()))
              .sum(point.sum())
              .labels(labels(family, point))
              .exemplars(
                  Exemplars.of(
                      point.exemplars().stream().map(TelemetryFamilies::exemplar).toList()))
              .createdTimestampMillis(point.begin().toEpochMilli())
              .build());
    }
    return histogram.build();
  }

  private static List<Double> bounds(TelemetryFamily family) {
    List<Double> bounds = new ArrayList<>(family.buckets().bounds());
    bounds.add(Double.POSITIVE_INFINITY);
    return bounds;
  }

  private static Labels labels(FamilySnapshot family, Point point) {
    return Labels.of(family.family().labels(), point.labels());
  }

  private static Exemplar exemplar(dev.shunt.observe.telemetry.Exemplar told) {
    return Exemplar.builder()
        .value(told.seconds())
        .traceId(told.context().traceId())
        .spanId(told.context().parentId())
        .timestampMillis(told.time().toEpochMilli())
        .build();
  }
}
