package dev.shunt.e2e.verify.kernels;

import dev.shunt.cli.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The matrix as text and as a document for scripts. Immutable.
 *
 * @param rows one per kernel, in the order in which they ran
 */
record KernelsReport(List<KernelRow> rows) {
  KernelsReport {
    rows = List.copyOf(rows);
  }

  /** Whether every kernel passed. */
  boolean passed() {
    return !rows.isEmpty() && rows.stream().allMatch(KernelRow::passed);
  }

  String text() {
    return summary() + "\n" + programs() + "\n" + hooks() + details();
  }

  /** One line per kernel. */
  String summary() {
    Table table =
        Table.of(
            Table.text("KERNEL"),
            Table.text("WHERE"),
            Table.text("RESULT"),
            Table.text("PROGRAMS"),
            Table.text("SELF-TEST"),
            Table.number("EQUAL"),
            Table.number("KEPT"),
            Table.number("DIFFERENT"),
            Table.number("SECONDS"));
    for (KernelRow row : rows) {
      table.row(
          row.release(),
          row.place().name().toLowerCase(Locale.ROOT),
          row.passed() ? "passed" : "failed",
          row.programs().stream().filter(ProgramRow::isLoaded).count()
              + " of "
              + row.programs().size(),
          selfTest(row),
          row.count(CaseRow.Verdict.EQUAL),
          row.count(CaseRow.Verdict.KEPT),
          row.count(CaseRow.Verdict.DIFFERENT),
          row.seconds());
    }
    return table.render();
  }

  private static String selfTest(KernelRow row) {
    List<String> failed =
        row.checks().stream()
            .filter(check -> check.outcome() == KernelRow.Check.Outcome.FAILED)
            .map(KernelRow.Check::name)
            .toList();
    if (row.checks().isEmpty()) {
      return "not run";
    }
    if (row.checks().stream().anyMatch(KernelRow.Check::forbids)) {
      return "failed " + String.join(", ", failed);
    }
    return failed.isEmpty() ? "passed" : "passed, guards " + String.join(", ", failed);
  }

  /** Verified instructions of each program, one column per kernel. */
  String programs() {
    Map<String, List<String>> lines = new LinkedHashMap<>();
    rows.forEach(row -> row.programs().forEach(each -> lines.put(each.name(), List.of())));
    Table table = kernelColumns("PROGRAM", Table.Align.RIGHT);
    for (String name : lines.keySet()) {
      List<Object> cells = new ArrayList<>(List.of(name));
      for (KernelRow row : rows) {
        cells.add(
            row.programs().stream()
                .filter(each -> each.name().equals(name))
                .map(each -> each.isLoaded() ? each.instructions() + "" : "refused")
                .findFirst()
                .orElse("-"));
      }
      table.row(cells.toArray());
    }
    return table.render();
  }

  /** The rung that each ladder ended on, one column per kernel. */
  String hooks() {
    TreeSet<String> names = new TreeSet<>();
    rows.forEach(row -> names.addAll(row.rungs().keySet()));
    Table table = kernelColumns("HOOK OF", Table.Align.LEFT);
    for (String name : names) {
      List<Object> cells = new ArrayList<>(List.of(name));
      rows.forEach(row -> cells.add(row.rungs().getOrDefault(name, "-")));
      table.row(cells.toArray());
    }
    return table.render();
  }

  private Table kernelColumns(String first, Table.Align align) {
    List<Table.Column> columns = new ArrayList<>(List.of(Table.text(first)));
    rows.forEach(row -> columns.add(new Table.Column(row.release(), align)));
    return Table.of(columns.toArray(Table.Column[]::new));
  }

  /** What was refused, failed or different, one a line. */
  String details() {
    List<String> lines = new ArrayList<>();
    for (KernelRow row : rows) {
      row.problems().forEach(problem -> lines.add(row.release() + ": " + problem));
      row.programs().stream()
          .filter(each -> !each.isLoaded())
          .forEach(
              each ->
                  lines.add(row.release() + ": " + each.name() + " refused: " + each.refusal()));
      row.checks().stream()
          .filter(each -> each.outcome() == KernelRow.Check.Outcome.FAILED)
          .forEach(
              each ->
                  lines.add(row.release() + ": self-test " + each.name() + ": " + each.detail()));
      row.cases().stream()
          .filter(each -> each.verdict() == CaseRow.Verdict.DIFFERENT)
          .forEach(
              each ->
                  lines.add(
                      row.release()
                          + ": "
                          + each.name()
                          + " "
                          + each.variant()
                          + ": "
                          + each.reason()));
    }
    return lines.isEmpty() ? "" : "\n" + String.join("\n", lines) + "\n";
  }

  /** {@code kernels[]} and {@code passed}. */
  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("passed", passed());
    document.put("kernels", rows.stream().map(KernelsReport::document).toList());
    return document;
  }

  private static Map<String, Object> document(KernelRow row) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("kernel", row.release());
    fields.put("where", row.place().name().toLowerCase(Locale.ROOT));
    fields.put("passed", row.passed());
    fields.put("seconds", row.seconds());
    fields.put("problems", row.problems());
    fields.put("programs", row.programs().stream().map(KernelsReport::document).toList());
    fields.put("rungs", new TreeMap<>(row.rungs()));
    fields.put("self_test", row.checks().stream().map(KernelsReport::document).toList());
    fields.put("cases", row.cases().stream().map(KernelsReport::document).toList());
    return fields;
  }

  private static Map<String, Object> document(ProgramRow program) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", program.name());
    fields.put("loaded", program.isLoaded());
    fields.put("verified_instructions", program.instructions());
    fields.put("refusal", program.refusal());
    return fields;
  }

  private static Map<String, Object> document(KernelRow.Check check) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", check.name());
    fields.put("passed", check.outcome() == KernelRow.Check.Outcome.PASSED);
    fields.put("required", check.need() == KernelRow.Check.Need.REQUIRED);
    fields.put("detail", check.detail());
    return fields;
  }

  private static Map<String, Object> document(CaseRow each) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", each.name());
    fields.put("variant", each.variant());
    fields.put("verdict", each.verdict().name().toLowerCase(Locale.ROOT));
    fields.put("reason", each.reason());
    fields.put("bytes_redirected", each.bytesRedirected());
    return fields;
  }
}
