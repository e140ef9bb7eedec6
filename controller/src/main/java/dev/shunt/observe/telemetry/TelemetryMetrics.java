package dev.shunt.observe.telemetry;

import dev.shunt.observe.FairTable;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceSink;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
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
    this(Clocks.SYSTEM);
  }

  TelemetryMetrics(Clocks clocks) {
    for (TelemetryFamily family : TelemetryFamily.values()) {
      tables.put(family, new SeriesTable(family, clocks, cause -> forgotten(family, cause)));
    }
  }

  /** Its own family forgets nothing, so it is not locked twice. */
  private void forgotten(TelemetryFamily family, FairTable.Cause cause) {
    count(
        TelemetryFamily.SERIES_FORGOTTEN,
        1,
        family.metric(),
        cause.name().toLowerCase(Locale.ROOT));
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

  /** Counts what belongs to no workload. */
  public void count(TelemetryFamily family, long count, String... labels) {
    update(family, Owner.NODE, List.of(labels), series -> series.add(count));
  }

  /**
   * Changes the series of these labels, or that of the others when its owner may have no more.
   *
   * @param owner whose it is, if it is new
   */
  void update(TelemetryFamily family, Owner owner, List<String> labels, Consumer<Series> change) {
    long others = table(family).update(owner, labels, change);
    if (others > 0) {
      count(TelemetryFamily.OTHER_SAMPLES, others, family.metric());
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
