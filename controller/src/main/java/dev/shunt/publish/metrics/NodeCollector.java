package dev.shunt.publish.metrics;

import dev.shunt.observe.EndpointStats;
import dev.shunt.observe.NodeStatus;
import dev.shunt.observe.NodeView;
import dev.shunt.observe.StatsSnapshot;
import dev.shunt.observe.Totals;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the node once for each scrape. Threads: any; scrapes may overlap.
 *
 * <p>Labels are bounded: {@code reason} by its enum, {@code endpoint} by {@link #ENDPOINTS_MAX}
 * (endpoints beyond it, those that moved least, are summed as {@code other}), {@code map}, {@code
 * program}, {@code rule} by {@link FilterFamilies#RULES_MAX}, {@code trait}, {@code check}, {@code
 * module} and {@code mode} by the product itself, those of telemetry by each family.
 */
final class NodeCollector implements MultiCollector {
  /** 11 metrics and up to 30 reasons for each endpoint: about 5,000 series at most. */
  static final int ENDPOINTS_MAX = 100;

  private static final String OTHER = "other";

  private final NodeView view;

  NodeCollector(NodeView view) {
    this.view = view;
  }

  @Override
  public MetricSnapshots collect() {
    MetricSnapshots.Builder metrics = MetricSnapshots.builder();
    StatsSnapshot stats = view.stats();
    EndpointFamilies families = new EndpointFamilies();
    bounded(stats.endpoints()).forEach(families::add);
    families.addTo(metrics);
    NodeFamilies.addStats(metrics, stats);
    NodeFamilies.addTraits(metrics, view.traits());
    NodeStatus status = view.status();
    NodeFamilies.addStatus(metrics, status);
    StandingFamilies.add(metrics, status.telemetry());
    FilterFamilies.add(metrics, view.filters().status());
    TelemetryFamilies.add(metrics, view.telemetry());
    return metrics.build();
  }

  /** Totals by name: names that occur twice, and endpoints beyond the bound, are summed. */
  private static Map<String, Totals> bounded(List<EndpointStats> endpoints) {
    List<EndpointStats> busiest =
        endpoints.stream()
            .sorted(Comparator.comparingLong(NodeCollector::bytes).reversed())
            .toList();
    Map<String, Totals> rows = new HashMap<>();
    for (EndpointStats endpoint : busiest) {
      boolean fits = rows.size() < ENDPOINTS_MAX || rows.containsKey(endpoint.name());
      rows.merge(fits ? endpoint.name() : OTHER, endpoint.totals(), Totals::plus);
    }
    return rows;
  }

  private static long bytes(EndpointStats endpoint) {
    return endpoint.totals().traffic().bytesRedirected()
        + endpoint.totals().traffic().bytesPassed();
  }
}
