package dev.shunt.observe.telemetry;

import dev.shunt.observe.telemetry.FamilySnapshot.Point;
import java.util.List;

/** Metrics as tests compare them. */
final class MetricLines {
  private MetricLines() {}

  static List<Point> points(TelemetryMetrics metrics, TelemetryFamily family) {
    return metrics.snapshot().stream()
        .filter(snapshot -> snapshot.family() == family)
        .findFirst()
        .orElseThrow()
        .points();
  }

  /** {@code label|label count} of each. */
  static List<String> lines(TelemetryMetrics metrics, TelemetryFamily family) {
    return points(metrics, family).stream()
        .map(point -> String.join("|", point.labels()) + " " + point.count())
        .toList();
  }
}
