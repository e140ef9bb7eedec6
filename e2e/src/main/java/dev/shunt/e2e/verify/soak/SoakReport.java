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
 * @param bytes that the load checked
 * @param connections that the load opened
 * @param faults mismatches and connections with an error
 */
record SoakReport(double minutes, List<Gauge> gauges, long bytes, long connections, long faults) {
  SoakReport {
    gauges = List.copyOf(gauges);
  }

  boolean passed() {
    return bytes > 0 && faults == 0 && gauges.stream().noneMatch(Gauge::leaks);
  }

  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("minutes", minutes);
    document.put("bytes", bytes);
    document.put("connections", connections);
    document.put("faults", faults);
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
        + "\n%.1f minutes, %.1f GB checked on %d connections, %d faults: %s%n"
            .formatted(minutes, bytes / 1e9, connections, faults, passed() ? "passed" : "failed");
  }
}
