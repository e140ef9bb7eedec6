package dev.shunt.e2e.verify.soak;

import dev.shunt.cli.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a soak found. Immutable.
 *
 * @param minutes it ran
 * @param gauges of the node
 * @param traffic that was carried meanwhile
 */
record SoakReport(double minutes, List<Gauge> gauges, Traffic traffic) {
  /** Of the rate that is wanted: a pod's restart takes a moment, in which nothing connects. */
  private static final double ENOUGH = 0.95;

  /**
   * What the loads carried. Immutable.
   *
   * @param bytes that were checked
   * @param connections that were opened
   * @param perSecond connections opened each second while a pod was up
   * @param pods that were started
   * @param faults mismatches and connections with an error
   */
  record Traffic(long bytes, long connections, double perSecond, long pods, long faults) {}

  SoakReport {
    gauges = List.copyOf(gauges);
  }

  boolean passed() {
    return traffic.bytes() > 0
        && traffic.faults() == 0
        && isFastEnough()
        && gauges.stream().noneMatch(Gauge::leaks);
  }

  private boolean isFastEnough() {
    return traffic.perSecond() >= Soak.CHURN_PER_SECOND * ENOUGH;
  }

  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("minutes", minutes);
    document.put("bytes", traffic.bytes());
    document.put("connections", traffic.connections());
    document.put("connections_per_second", traffic.perSecond());
    document.put("pods", traffic.pods());
    document.put("faults", traffic.faults());
    document.put("gauges", gauges.stream().map(SoakReport::gauge).toList());
    document.put("passed", passed());
    return document;
  }

  private static Map<String, Object> gauge(Gauge gauge) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", gauge.name());
    document.put("early", gauge.early());
    document.put("late", gauge.late());
    document.put("leaks", gauge.leaks());
    document.put("samples", gauge.values());
    return document;
  }

  String text() {
    Table table =
        Table.of(
            Table.text("FIGURE"),
            Table.number("FIRST THIRD"),
            Table.number("LAST THIRD"),
            Table.text("VERDICT"));
    for (Gauge gauge : gauges) {
      table.row(gauge.name(), gauge.early(), gauge.late(), gauge.leaks() ? "leaks" : "flat");
    }
    return table.render()
        + "\n%.1f minutes, %.1f GB checked on %d connections (%.0f new ones a second%s), %d pods,"
            .formatted(
                minutes,
                traffic.bytes() / 1e9,
                traffic.connections(),
                traffic.perSecond(),
                isFastEnough() ? "" : "; too few, " + Soak.CHURN_PER_SECOND + " wanted",
                traffic.pods())
        + " %d faults: %s%n".formatted(traffic.faults(), passed() ? "passed" : "failed");
  }
}
