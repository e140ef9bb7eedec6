package dev.shunt.publish.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.TelemetryStatus;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StandingFamiliesTest {
  private static Map<String, Double> values(TelemetryStatus status) {
    MetricSnapshots.Builder metrics = MetricSnapshots.builder();
    StandingFamilies.add(metrics, List.of(status));
    Map<String, Double> values = new TreeMap<>();
    for (MetricSnapshot metric : metrics.build()) {
      assertThat(metric.getDataPoints())
          .singleElement()
          .satisfies(
              point -> {
                assertThat(point.getLabels().get("module")).isEqualTo(status.module());
                values.put(metric.getMetadata().getName(), value(point));
              });
    }
    return values;
  }

  private static double value(DataPointSnapshot point) {
    return point instanceof CounterSnapshot.CounterDataPointSnapshot counter
        ? counter.getValue()
        : ((GaugeSnapshot.GaugeDataPointSnapshot) point).getValue();
  }

  @Test
  void add_attachedModule_everyCountInItsSeries() {
    assertThat(
            values(
                new TelemetryStatus(
                    "http", 7, "hook", "", new TelemetryStatus.Counts(1, 2, 3, 4, 7, 5, 6))))
        .isEqualTo(
            Map.of(
                "shunt_telemetry_namespaces",
                7.0,
                "shunt_telemetry_complete",
                1.0,
                "shunt_telemetry_events",
                1.0,
                "shunt_telemetry_shed",
                2.0,
                "shunt_telemetry_lost",
                3.0,
                "shunt_telemetry_untracked",
                4.0,
                "shunt_telemetry_unread",
                7.0,
                "shunt_telemetry_skipped",
                5.0,
                "shunt_telemetry_unsampled",
                6.0));
  }

  @Test
  void add_moduleThatCannotBeAttached_isNotComplete() {
    assertThat(values(new TelemetryStatus("tls", 1, "", "refused", TelemetryStatus.Counts.NONE)))
        .containsEntry("shunt_telemetry_complete", 0.0);
  }

  @Test
  void add_moduleSwitchedOff_isComplete() {
    assertThat(values(new TelemetryStatus("tls", 0, "", "", TelemetryStatus.Counts.NONE)))
        .containsEntry("shunt_telemetry_complete", 1.0)
        .containsEntry("shunt_telemetry_namespaces", 0.0);
  }
}
