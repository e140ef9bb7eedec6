package dev.shunt.e2e.verify.scenes;

import dev.shunt.e2e.bench.CellResult;
import dev.shunt.e2e.verify.PageSection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** The section of docs/scenes.md that the command writes. Pure but for reading the file. */
final class ScenesPage {
  static final PageSection SECTION = new PageSection("verify scenes");

  private ScenesPage() {}

  /** The page with its section replaced, or with the section behind what it has. */
  static String updated(Path page, ScenesReport report) throws IOException {
    return SECTION.replaced(page, section(report));
  }

  private static String section(ScenesReport report) {
    StringBuilder text = new StringBuilder(report.summaryLine()).append(".\n\n");
    text.append("| scene | what | verdict | share | by hop | rate | p50 | CPU |\n");
    text.append("|---|---|---|---|---|---|---|---|\n");
    for (SceneRow row : report.rows()) {
      text.append(
          "| `%s` | %s | %s | %s | %s | %s | %s | %s |%n"
              .formatted(
                  row.shape().name(),
                  row.shape().what(),
                  verdict(row),
                  ScenesReport.percent(row.share()),
                  hops(row),
                  ScenesReport.ratio(row.gain().flatMap(CellResult::rate)),
                  ScenesReport.ratio(row.gain().flatMap(CellResult::p50)),
                  ScenesReport.ratio(row.gain().flatMap(CellResult::cpu))));
    }
    return text.toString();
  }

  private static String verdict(SceneRow row) {
    String why = row.failure().isEmpty() ? row.reason() : "FAILED: " + row.failure();
    return row.verdict() + (why.isEmpty() ? "" : ": " + why.replace("|", "\\|"));
  }

  private static String hops(SceneRow row) {
    return row.hops().stream()
        .map(hop -> hop.hop().title() + " " + ScenesReport.percent(hop.share()))
        .collect(Collectors.joining("<br>"));
  }
}
