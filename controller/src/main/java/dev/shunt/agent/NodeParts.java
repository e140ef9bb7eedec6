package dev.shunt.agent;

import dev.shunt.agent.telemetry.StandingTraces;
import dev.shunt.agent.trace.TraceHub;
import dev.shunt.datapath.programs.PinDirectory;
import dev.shunt.observe.telemetry.TelemetryMetrics;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceSink;
import dev.shunt.publish.otlp.OtlpExporter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The live parts of a node that its view reads.
 *
 * @param pins where it is pinned
 * @param namespaces watched
 * @param inputs policies and override
 * @param selfTest last report
 * @param stats counters
 * @param translation of rows
 * @param events subscriptions
 * @param loop that changes things
 * @param traits of workloads
 * @param taps that callers opened
 * @param traces that callers opened
 * @param measurements what those of policy come to
 * @param telemetry traces that policy opened
 * @param neighbours who else is on the hooks
 * @param filters of connections and packets
 */
record NodeParts(
    PinDirectory pins,
    NamespaceWatch namespaces,
    PolicyInputs inputs,
    SelfTestRunner selfTest,
    StatsReader stats,
    RowTranslation translation,
    EventHub events,
    NodeLoop loop,
    Traits traits,
    TapHub taps,
    TraceHub traces,
    Measurements measurements,
    StandingTraces telemetry,
    NeighbourWatch neighbours,
    Filters filters) {
  /**
   * What standing traces come to.
   *
   * @param metrics that they are measured in
   * @param exporter that requests are handed to; empty: turned off
   */
  record Measurements(TelemetryMetrics metrics, Optional<OtlpExporter> exporter) {
    /** Who reads one of them. */
    TraceSink sink(TraceModule module) {
      return metrics.sink(exporter.isPresent() ? exporter.get()::offer : http -> {});
    }

    /** Begins to export; without a lambda, for the same reason as where the exporter is made. */
    void start(Supplier<MetricSnapshots> source) {
      if (exporter.isPresent()) {
        exporter.get().start(source);
      }
    }

    /** Ends the export. */
    void close() {
      if (exporter.isPresent()) {
        exporter.get().close();
      }
    }
  }

  /**
   * What is known of workloads.
   *
   * @param memory what is kept and forgotten
   * @param views what users see
   */
  record Traits(TraitMemory memory, TraitViews views) {}

  /**
   * Filters.
   *
   * @param connects what keeps connect policies in force
   * @param packets what keeps traffic filters in force
   * @param views what users see
   */
  record Filters(ConnectGuard connects, PacketGuard packets, FilterViews views) {
    /** Makes a pass when one is due. */
    void tick() {
      connects.tick();
      packets.tick();
    }

    /** Policies have changed. */
    void request() {
      connects.request();
      packets.request();
    }

    /** Stops; what is in force stays. */
    void keep() {
      connects.keep();
      packets.keep();
    }

    /** Stops; nothing is in force any more. */
    void remove() {
      connects.remove();
      packets.remove();
    }
  }
}
