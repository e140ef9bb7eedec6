package dev.shunt.e2e.bench.telemetry;

import dev.shunt.cli.Table;
import dev.shunt.cli.VersionCommand;
import dev.shunt.e2e.bench.Estimate;
import dev.shunt.e2e.bench.Machine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What every cell cost. Immutable.
 *
 * @param pairs of slices, by round
 */
record TelemetryReport(Map<TelemetryCell, List<TelemetryPair>> pairs) {
  TelemetryReport {
    pairs = new LinkedHashMap<>(pairs);
  }

  private static Estimate estimate(
      List<TelemetryPair> pairs, ToDoubleFunction<TelemetryPair> ratio) {
    return Estimate.of(pairs.stream().mapToDouble(ratio).boxed().toList()).orElseThrow();
  }

  private static double ratioMin(TelemetryCell cell) {
    return 1 - cell.goalPercent() / 100.0;
  }

  /** Missed only when even the upper end of the interval is below the goal. */
  private static boolean isMissed(TelemetryCell cell, List<TelemetryPair> pairs) {
    return estimate(pairs, TelemetryPair::requestsRatio).high() < ratioMin(cell);
  }

  private static boolean isMet(TelemetryCell cell, List<TelemetryPair> pairs) {
    return estimate(pairs, TelemetryPair::requestsRatio).low() >= ratioMin(cell);
  }

  private static String goal(TelemetryCell cell, List<TelemetryPair> pairs) {
    return isMissed(cell, pairs) ? "missed" : isMet(cell, pairs) ? "met" : "within noise";
  }

  boolean noGoalMissed() {
    return pairs.entrySet().stream().noneMatch(cell -> isMissed(cell.getKey(), cell.getValue()));
  }

  private static double median(List<TelemetryPair> pairs, ToDoubleFunction<TelemetryPair> value) {
    return estimate(pairs, value).median();
  }

  String text() {
    Table table =
        Table.of(
            Table.text("MODULE"),
            Table.text("TRAFFIC"),
            Table.number("REQUESTS/S OFF"),
            Table.number("ON/OFF"),
            Table.number("CPU/REQUEST OFF"),
            Table.number("ON/OFF"),
            Table.number("MATCHED"),
            Table.number("SHED"),
            Table.text("COST"));
    pairs.forEach(
        (cell, rounds) ->
            table.row(
                cell.module(),
                cell.traffic(),
                "%.0f".formatted(median(rounds, pair -> pair.off().requestsPerSecond())),
                text(estimate(rounds, TelemetryPair::requestsRatio)),
                "%.1f us".formatted(median(rounds, pair -> pair.off().cpuMicros())),
                text(estimate(rounds, TelemetryPair::cpuRatio)),
                "%.0f".formatted(median(rounds, TelemetryPair::matched)),
                "%.0f".formatted(median(rounds, TelemetryPair::shed)),
                "under %d %%: %s".formatted(cell.goalPercent(), goal(cell, rounds))));
    return table.render();
  }

  /** {@code 0.997 (0.990-1.004)}. */
  private static String text(Estimate estimate) {
    return String.format(
        Locale.ROOT, "%.3f (%.3f-%.3f)", estimate.median(), estimate.low(), estimate.high());
  }

  Map<String, Object> document() {
    List<Object> cells = new ArrayList<>();
    pairs.forEach(
        (cell, rounds) -> {
          Map<String, Object> row = new LinkedHashMap<>();
          row.put("module", cell.module().toString());
          row.put("traffic", cell.traffic().toString());
          row.put("requests_per_second", document(rounds, TelemetryPair::requestsRatio));
          row.put("cpu_per_request", document(rounds, TelemetryPair::cpuRatio));
          row.put("goal_percent", cell.goalPercent());
          row.put("goal", goal(cell, rounds));
          row.put("rounds", rounds.stream().map(TelemetryReport::document).toList());
          cells.add(row);
        });
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("machine", Machine.here(VersionCommand.version()).document());
    document.put("cells", cells);
    return document;
  }

  private static Map<String, Object> document(
      List<TelemetryPair> rounds, ToDoubleFunction<TelemetryPair> ratio) {
    Estimate estimate = estimate(rounds, ratio);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("on_over_off", estimate.median());
    fields.put("low", estimate.low());
    fields.put("high", estimate.high());
    return fields;
  }

  private static Map<String, Object> document(TelemetryPair pair) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("requests_per_second_off", pair.off().requestsPerSecond());
    fields.put("requests_per_second_on", pair.on().requestsPerSecond());
    fields.put("cpu_micros_off", pair.off().cpuMicros());
    fields.put("cpu_micros_on", pair.on().cpuMicros());
    fields.put("matched", pair.matched());
    fields.put("shed", pair.shed());
    return fields;
  }
}
