package dev.shunt.observe.telemetry;

import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceSink;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Counts and measures what standing traces tell, and what becomes of its export. Thread-safe; made
 * with the node, ends with it. What it keeps is bounded by the families.
 */
public final class TelemetryMetrics {
  private final Map<TelemetryFamily, SeriesTable> tables = new EnumMap<>(TelemetryFamily.class);

  /** Nothing was counted yet. */
  public TelemetryMetrics() {
    for (TelemetryFamily family : TelemetryFamily.values()) {
      tables.put(family, new SeriesTable(family));
    }
  }

  /**
   * Who reads a standing trace, one for each that is opened: it takes sums as growing from its own
   * beginning. HTTP must come with templates in the place of paths.
   *
   * @param requests is told each request of HTTP too, on the thread of the trace: it must not block
   */
  public TraceSink sink(Consumer<TraceEvent.Http> requests) {
    return new MetricsSink(this, requests);
  }

  /** Counts. */
  public void count(TelemetryFamily family, long count, String... labels) {
    update(family, List.of(labels), series -> series.add(count));
  }

  /** Takes a duration. */
  void observe(TelemetryFamily family, double seconds, String... labels) {
    update(family, List.of(labels), series -> series.observe(seconds));
  }

  /** Changes the series of these labels, or that of the others when there are too many. */
  void update(TelemetryFamily family, List<String> labels, Consumer<Series> change) {
    if (!table(family).update(labels, change)) {
      table(TelemetryFamily.OTHER_SAMPLES)
          .update(List.of(family.metric()), series -> series.add(1));
    }
  }

  private SeriesTable table(TelemetryFamily family) {
    SeriesTable table = tables.get(family);
    if (table == null) {
      throw new IllegalStateException(family + " has no table");
    }
    return table;
  }

  /** All families as they are now, also those without a series. */
  public List<FamilySnapshot> snapshot() {
    List<FamilySnapshot> all = new ArrayList<>();
    for (TelemetryFamily family : TelemetryFamily.values()) {
      all.add(table(family).snapshot());
    }
    return all;
  }
}
