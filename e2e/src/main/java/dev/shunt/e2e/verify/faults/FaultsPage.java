package dev.shunt.e2e.verify.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The section of docs/faults.md that the command writes. Pure but for reading the file. */
final class FaultsPage {
  static final String BEGIN = "<!-- shunt verify faults: begin -->";
  static final String END = "<!-- shunt verify faults: end -->";

  private FaultsPage() {}

  /** The page with its section replaced, or with the section behind what it has. */
  static String updated(Path page, FaultReport report) throws IOException {
    String text = Files.exists(page) ? Files.readString(page) : "";
    String section = BEGIN + "\n" + section(report) + END;
    int from = text.indexOf(BEGIN);
    int to = text.indexOf(END);
    return from < 0 || to < from
        ? text + section + "\n"
        : text.substring(0, from) + section + text.substring(to + END.length());
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
