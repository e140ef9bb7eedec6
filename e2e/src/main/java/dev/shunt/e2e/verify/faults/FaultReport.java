package dev.shunt.e2e.verify.faults;

import dev.shunt.cli.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What all faults did. Immutable.
 *
 * @param rows in the order they struck
 * @param leastBytes that have to be carried in all for a pass; 0: any number
 */
record FaultReport(List<FaultRow> rows, long leastBytes) {
  FaultReport {
    rows = List.copyOf(rows);
  }

  boolean passed() {
    return !rows.isEmpty() && rows.stream().allMatch(FaultRow::passed) && bytes() >= leastBytes;
  }

  private long bytes() {
    return rows.stream().mapToLong(row -> row.load().bytes()).sum();
  }

  private long sum(java.util.function.ToLongFunction<FaultRow.Load> field) {
    return rows.stream().mapToLong(row -> field.applyAsLong(row.load())).sum();
  }

  Map<String, Object> document() {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("faults", rows.size());
    summary.put("passed", rows.stream().filter(FaultRow::passed).count());
    summary.put("bytes", bytes());
    summary.put("least_bytes", leastBytes);
    summary.put("mismatches", sum(FaultRow.Load::mismatches));
    summary.put("errors", sum(FaultRow.Load::errors));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("faults", rows.stream().map(FaultRow::document).toList());
    document.put("summary", summary);
    return document;
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }

  /** One line. */
  String summaryLine() {
    String enough =
        bytes() < leastBytes ? "; too few, at least " + gigabytes(leastBytes) + " wanted" : "";
    return "%d faults, %d passed; %s checked, %d mismatches, %d connections with an error%s"
        .formatted(
            rows.size(),
            rows.stream().filter(FaultRow::passed).count(),
            gigabytes(bytes()),
            sum(FaultRow.Load::mismatches),
            sum(FaultRow.Load::errors),
            enough);
  }

  String text() {
    Table table =
        Table.of(
            Table.text("FAULT"),
            Table.text("VERDICT"),
            Table.number("RECOVERY"),
            Table.number("CHECKED"),
            Table.number("LONGEST GAP"),
            Table.text("WHAT A USER SEES"));
    for (FaultRow row : rows) {
      table.row(
          row.fault().name(),
          row.verdict(),
          row.outcome().recoveryMillis() == 0 ? "-" : row.outcome().recoveryMillis() + " ms",
          gigabytes(row.load().bytes()),
          row.load().longestGapMillis() + " ms",
          row.passed() ? row.outcome().message() : row.failure());
    }
    return table.render() + "\n" + summaryLine() + "\n";
  }
}
