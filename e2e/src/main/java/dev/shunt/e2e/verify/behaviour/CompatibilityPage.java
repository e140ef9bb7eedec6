package dev.shunt.e2e.verify.behaviour;

import dev.shunt.e2e.verify.PageSection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The section of docs/compatibility.md that the suite writes. Pure but for reading the file. */
final class CompatibilityPage {
  static final PageSection SECTION = new PageSection("verify behaviour");

  private CompatibilityPage() {}

  /** The page with its section replaced, or with the section behind what it has. */
  static String updated(Path page, BehaviourReport report) throws IOException {
    return SECTION.replaced(page, section(report));
  }

  private static String section(BehaviourReport report) {
    Map<String, List<CaseRow>> byCase =
        report.rows().stream()
            .collect(Collectors.groupingBy(CaseRow::name, LinkedHashMap::new, Collectors.toList()));
    StringBuilder text = new StringBuilder();
    text.append(report.summaryLine()).append(" (kernel ");
    text.append(kernel(System.getProperty("os.version"))).append(").\n\n");
    text.append("| case | runs and verdict |\n|---|---|\n");
    byCase.forEach((name, rows) -> text.append(line(name, rows)));
    return text.toString();
  }

  /** The version without what a distribution or a cloud adds to it. */
  static String kernel(String release) {
    return release.split("-", 2)[0];
  }

  private static String line(String name, List<CaseRow> rows) {
    Map<String, Integer> runs = new LinkedHashMap<>();
    rows.forEach(row -> runs.merge(outcome(row), 1, Integer::sum));
    String cells =
        runs.entrySet().stream()
            .map(each -> each.getValue() + " " + each.getKey())
            .collect(Collectors.joining("<br>"));
    return "| %s | %s |%n".formatted(name, cells);
  }

  private static String outcome(CaseRow row) {
    return row.reason().isEmpty()
        ? row.verdict().text()
        : row.verdict().text() + ": " + row.reason();
  }
}
