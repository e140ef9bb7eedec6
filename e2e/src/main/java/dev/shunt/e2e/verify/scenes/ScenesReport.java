package dev.shunt.e2e.verify.scenes;

import dev.shunt.cli.Table;
import dev.shunt.e2e.bench.CellResult;
import dev.shunt.e2e.bench.Estimate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What all scenes gave. Immutable.
 *
 * @param rows in the order they ran
 */
record ScenesReport(List<SceneRow> rows) {
  ScenesReport {
    rows = List.copyOf(rows);
  }

  boolean passed() {
    return !rows.isEmpty() && rows.stream().allMatch(row -> row.failure().isEmpty());
  }

  /** Whether none of them could run. */
  boolean isImpossible() {
    return rows.stream().allMatch(row -> row.verdict() == SceneRow.Verdict.CANNOT_RUN);
  }

  private long count(SceneRow.Verdict verdict) {
    return rows.stream().filter(row -> row.verdict() == verdict).count();
  }

  Map<String, Object> document() {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("scenes", rows.size());
    summary.put("passed", passed());
    for (SceneRow.Verdict verdict : SceneRow.Verdict.values()) {
      summary.put(verdict.name().toLowerCase(Locale.ROOT), count(verdict));
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("scenes", rows.stream().map(SceneRow::document).toList());
    document.put("summary", summary);
    return document;
  }

  /** One line. */
  String summaryLine() {
    return "%d scenes: %d equal, %d cannot run, %d different; %s"
        .formatted(
            rows.size(),
            count(SceneRow.Verdict.EQUAL),
            count(SceneRow.Verdict.CANNOT_RUN),
            count(SceneRow.Verdict.DIFFERENT),
            passed() ? "every expected hop is accelerated" : "some do not pass");
  }

  String text() {
    Table table =
        Table.of(
            Table.text("SCENE"),
            Table.text("VERDICT"),
            Table.number("SHARE"),
            Table.text("HOPS"),
            Table.number("RATE"),
            Table.number("P50"),
            Table.number("CPU"));
    for (SceneRow row : rows) {
      table.row(
          row.shape().name(),
          row.failure().isEmpty() ? row.verdict().toString() : "FAIL",
          percent(row.share()),
          hops(row),
          ratio(row.gain().flatMap(CellResult::rate)),
          ratio(row.gain().flatMap(CellResult::p50)),
          ratio(row.gain().flatMap(CellResult::cpu)));
    }
    String notes =
        rows.stream()
            .filter(row -> !row.failure().isEmpty() || !row.reason().isEmpty())
            .map(
                row ->
                    row.shape().name()
                        + ": "
                        + (row.failure().isEmpty() ? row.reason() : row.failure())
                        + "\n")
            .collect(Collectors.joining());
    return table.render() + "\n" + notes + summaryLine() + "\n";
  }

  static String hops(SceneRow row) {
    return row.hops().stream().map(hop -> percent(hop.share())).collect(Collectors.joining(" "));
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", share * 100);
  }

  /** Median and the range that it lies in. */
  static String ratio(Optional<Estimate> estimate) {
    return estimate
        .map(e -> String.format(Locale.ROOT, "%.2fx (%.2f-%.2f)", e.median(), e.low(), e.high()))
        .orElse("-");
  }
}
