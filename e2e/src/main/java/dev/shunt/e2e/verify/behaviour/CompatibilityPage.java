package dev.shunt.e2e.verify.behaviour;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The section of docs/compatibility.md that the suite writes. Pure but for reading the file. */
final class CompatibilityPage {
  static final String BEGIN = "<!-- shunt verify behaviour: begin -->";
  static final String END = "<!-- shunt verify behaviour: end -->";

  private CompatibilityPage() {}

  /** The page with its section replaced, or with the section behind what it has. */
  static String updated(Path page, BehaviourReport report) throws IOException {
    String text = Files.exists(page) ? Files.readString(page) : "";
    String section = BEGIN + "\n" + section(report) + END;
    int from = text.indexOf(BEGIN);
    int to = text.indexOf(END);
    return from < 0 || to < from
        ? text + section + "\n"
        : text.substring(0, from) + section + text.substring(to + END.length());
  }

  private static String section(BehaviourReport report) {
    Map<String, List<CaseRow>> byCase =
        report.rows().stream()
            .collect(Collectors.groupingBy(CaseRow::name, LinkedHashMap::new, Collectors.toList()));
    StringBuilder text = new StringBuilder();
    text.append(report.summaryLine()).append(" (kernel ");
    text.append(System.getProperty("os.version")).append(").\n\n");
    text.append("| case | equal in | kept on TCP in | else |\n|---|---|---|---|\n");
    byCase.forEach((name, rows) -> text.append(line(name, rows)));
    return text.toString();
  }

  private static String line(String name, List<CaseRow> rows) {
    String equal =
        rows.stream()
            .filter(row -> row.verdict() == Verdict.EQUAL)
            .map(CaseRow::variant)
            .collect(Collectors.joining("<br>"));
    List<String> others = new ArrayList<>();
    others.addAll(variantsByReason(rows, Verdict.DEVIATION));
    others.addAll(variantsByReason(rows, Verdict.DIFFERENT));
    return "| %s | %s | %s | %s |%n"
        .formatted(
            name,
            equal,
            String.join("<br>", variantsByReason(rows, Verdict.KEPT_ON_TCP)),
            String.join("<br>", others));
  }

  private static List<String> variantsByReason(List<CaseRow> rows, Verdict verdict) {
    Map<String, List<String>> variants = new LinkedHashMap<>();
    for (CaseRow row : rows) {
      if (row.verdict() == verdict) {
        variants.computeIfAbsent(row.reason(), reason -> new ArrayList<>()).add(row.variant());
      }
    }
    String prefix = verdict == Verdict.KEPT_ON_TCP ? "" : verdict.text() + ": ";
    return variants.entrySet().stream()
        .map(each -> prefix + each.getKey() + ": " + String.join(", ", each.getValue()))
        .toList();
  }
}
