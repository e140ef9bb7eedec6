package dev.shunt.e2e.verify.faults;

import dev.shunt.e2e.verify.PageSection;
import java.io.IOException;
import java.nio.file.Path;

/** The section of docs/faults.md that the command writes. Pure but for reading the file. */
final class FaultsPage {
  static final PageSection SECTION = new PageSection("verify faults");

  private FaultsPage() {}

  /** The page with its section replaced, or with the section behind what it has. */
  static String updated(Path page, FaultReport report) throws IOException {
    return SECTION.replaced(page, section(report));
  }

  private static String section(FaultReport report) {
    StringBuilder text = new StringBuilder(report.summaryLine()).append(".\n\n");
    text.append("| fault | what happens | recovery | longest gap | what a user sees |\n");
    text.append("|---|---|---|---|---|\n");
    for (FaultRow row : report.rows()) {
      String message = row.passed() ? row.outcome().message() : "FAILED: " + row.failure();
      text.append(
          "| `%s` | %s | %s | %d ms | %s |%n"
              .formatted(
                  row.fault().name(),
                  row.fault().what(),
                  row.outcome().recoveryMillis() == 0
                      ? "never ceased"
                      : row.outcome().recoveryMillis() + " ms",
                  row.load().longestGapMillis(),
                  message.isEmpty() ? "nothing" : "`" + message.replace("|", "\\|") + "`"));
    }
    return text.toString();
  }
}
