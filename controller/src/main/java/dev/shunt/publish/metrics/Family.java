package dev.shunt.publish.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;

/**
 * One metric while it is filled for one scrape. Not thread safe.
 *
 * <p>Counters are named without {@code _total}; the exposition adds it.
 */
abstract sealed class Family {
  /** Adds a value for the labels given as name, value, name, value ... */
  abstract Family add(double value, String... labels);

  /** As the other one; exact up to 2^53, as all of Prometheus. */
  final Family add(long value, String... labels) {
    return add((double) value, labels);
  }

  /** The metric as it is exposed. */
  abstract MetricSnapshot snapshot();

  static Family counter(String name, String help) {
    return new Counter(CounterSnapshot.builder().name(name).help(help));
  }

  static Family gauge(String name, String help) {
    return new Gauge(GaugeSnapshot.builder().name(name).help(help));
  }

  private static final class Counter extends Family {
    private final CounterSnapshot.Builder builder;

    Counter(CounterSnapshot.Builder builder) {
      this.builder = builder;
    }

    @Override
    Family add(double value, String... labels) {
      builder.dataPoint(
          CounterDataPointSnapshot.builder().value(value).labels(Labels.of(labels)).build());
      return this;
    }

    @Override
    MetricSnapshot snapshot() {
      return builder.build();
    }
  }

  private static final class Gauge extends Family {
    private final GaugeSnapshot.Builder builder;

    Gauge(GaugeSnapshot.Builder builder) {
      this.builder = builder;
    }

    @Override
    Family add(double value, String... labels) {
      builder.dataPoint(
          GaugeDataPointSnapshot.builder().value(value).labels(Labels.of(labels)).build());
      return this;
    }

    @Override
    MetricSnapshot snapshot() {
      return builder.build();
    }
  }
}
