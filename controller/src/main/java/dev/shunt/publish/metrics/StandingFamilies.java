package dev.shunt.publish.metrics;

import dev.shunt.observe.TelemetryStatus;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;

/** The metrics of telemetry that policy switches on. Stateless. */
final class StandingFamilies {
  private StandingFamilies() {}

  static void add(MetricSnapshots.Builder metrics, List<TelemetryStatus> modules) {
    Family namespaces =
        Family.gauge("shunt_telemetry_namespaces", "Network namespaces that a module looks at.");
    Family complete =
        Family.gauge("shunt_telemetry_complete", "1 when a module sees all that policies want.");
    Family events = Family.counter("shunt_telemetry_events", "Events told.");
    Family shed = Family.counter("shunt_telemetry_shed", "Events over a rate.");
    Family lost =
        Family.counter(
            "shunt_telemetry_lost",
            "Events without room in the ring, or that the kernel passed over.");
    Family untracked = Family.counter("shunt_telemetry_untracked", "What had no room in a table.");
    Family unread = Family.counter("shunt_telemetry_unread", "What could not be read.");
    Family skipped = Family.counter("shunt_telemetry_skipped", "Events not taken in time.");
    Family unsampled =
        Family.counter("shunt_telemetry_unsampled", "Connections that sampling left out.");
    for (TelemetryStatus status : modules) {
      String module = status.module();
      TelemetryStatus.Counts counts = status.counts();
      namespaces.add(status.namespaces(), "module", module);
      complete.add(status.complete() ? 1 : 0, "module", module);
      events.add(counts.events(), "module", module);
      shed.add(counts.shed(), "module", module);
      lost.add(counts.lost(), "module", module);
      untracked.add(counts.untracked(), "module", module);
      unread.add(counts.unread(), "module", module);
      skipped.add(counts.skipped(), "module", module);
      unsampled.add(counts.unsampled(), "module", module);
    }
    for (Family family :
        List.of(namespaces, complete, events, shed, lost, untracked, unread, skipped, unsampled)) {
      metrics.metricSnapshot(family.snapshot());
    }
  }
}
