package dev.shunt.e2e.verify.cluster;

import dev.shunt.cli.Table;
import dev.shunt.e2e.cluster.KubernetesProgram;
import dev.shunt.e2e.verify.cluster.StepRow.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What all steps gave. Immutable.
 *
 * @param rows in the order of the steps
 */
record ClusterReport(List<StepRow> rows) {
  ClusterReport {
    rows = List.copyOf(rows);
  }

  boolean passed() {
    return !rows.isEmpty() && count(Verdict.PASS) == rows.size();
  }

  private long count(Verdict verdict) {
    return rows.stream().filter(row -> row.verdict() == verdict).count();
  }

  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("kubernetes", KubernetesProgram.VERSION);
    document.put("passed", passed());
    document.put("steps", rows.stream().map(StepRow::document).toList());
    return document;
  }

  String text() {
    Table table =
        Table.of(
            Table.text("STEP"), Table.text("VERDICT"), Table.number("SECONDS"), Table.text("WHAT"));
    for (StepRow row : rows) {
      String seconds = row.verdict() == Verdict.NOT_RUN ? "-" : String.valueOf(row.seconds());
      table.row(
          row.step().name(),
          row.verdict(),
          seconds,
          row.message().isEmpty() ? row.step().what() : row.message());
    }
    return table.render()
        + "\n%d steps on Kubernetes %s: %d passed, %d failed, %d not run\n"
            .formatted(
                rows.size(),
                KubernetesProgram.VERSION,
                count(Verdict.PASS),
                count(Verdict.FAIL),
                count(Verdict.NOT_RUN));
  }
}
