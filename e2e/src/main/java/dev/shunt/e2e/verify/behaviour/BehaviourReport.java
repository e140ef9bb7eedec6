package dev.shunt.e2e.verify.behaviour;

import dev.shunt.cli.Table;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The suite's result, as text, as a document for scripts and as a page for the documentation.
 * Immutable.
 *
 * @param rows in the order in which they ran
 */
record BehaviourReport(List<CaseRow> rows) {
  private static final String DEVIATIONS_PAGE =
      "Deviations are documented: docs/datapath.md, \"What deviates from TCP\".";

  BehaviourReport {
    rows = List.copyOf(rows);
  }

  /** Whether any row is different. */
  boolean hasDifference() {
    return rows.stream().anyMatch(row -> row.verdict() == Verdict.DIFFERENT);
  }

  private Map<Verdict, Integer> verdicts() {
    Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
    for (Verdict each : Verdict.values()) {
      counts.put(each, 0);
    }
    rows.forEach(row -> counts.merge(row.verdict(), 1, Integer::sum));
    return counts;
  }

  private long caseCount() {
    return rows.stream().map(CaseRow::name).distinct().count();
  }

  /** {@code cases[]} and {@code summary}. */
  Map<String, Object> document() {
    List<Object> cases = new ArrayList<>();
    rows.forEach(row -> cases.add(object(row)));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("cases", cases);
    document.put("summary", summary());
    return document;
  }

  private static Map<String, Object> object(CaseRow row) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("name", row.name());
    object.put("variant", row.variant());
    object.put("verdict", row.verdict().text());
    object.put("reason", row.reason());
    object.put("bytes_redirected", row.bytesRedirected());
    object.put("counts", row.counts());
    object.put("differences", row.differences());
    return object;
  }

  private Map<String, Object> summary() {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("cases", caseCount());
    summary.put("runs", rows.size());
    verdicts().forEach((verdict, count) -> summary.put(verdict.text().replace('-', '_'), count));
    summary.put("bytes_redirected", rows.stream().mapToLong(CaseRow::bytesRedirected).sum());
    return summary;
  }

  /** A row for each case and variant, then what differs, then the sums. */
  String text() {
    Table table =
        Table.of(
            Table.text("CASE"),
            Table.text("VARIANT"),
            Table.text("VERDICT"),
            Table.number("REDIRECTED"),
            Table.text("REASON"));
    for (CaseRow row : rows) {
      table.row(
          row.name(), row.variant(), row.verdict().text(), row.bytesRedirected(), row.reason());
    }
    StringBuilder text = new StringBuilder(table.render());
    for (CaseRow row : rows) {
      if (row.verdict() == Verdict.DIFFERENT) {
        text.append(details(row));
      }
    }
    text.append('\n').append(summaryLine()).append('\n');
    if (verdicts().getOrDefault(Verdict.DEVIATION, 0) > 0) {
      text.append(DEVIATIONS_PAGE).append('\n');
    }
    return text.toString();
  }

  /** What a developer needs to know of a row that is different. */
  static String details(CaseRow row) {
    StringBuilder text = new StringBuilder();
    text.append('\n').append(row.name()).append(' ').append(row.variant());
    text.append(": ").append(row.reason()).append("\n  the node counted: ").append(row.counts());
    row.differences().forEach(each -> text.append("\n  plain / accelerated  ").append(each));
    return text.append('\n').toString();
  }

  /** The sums in one line. */
  String summaryLine() {
    List<String> parts = new ArrayList<>();
    verdicts().forEach((verdict, count) -> parts.add(count + " " + verdict.text()));
    return "%d cases in %d runs: %s".formatted(caseCount(), rows.size(), String.join(", ", parts));
  }
}
