package dev.shunt.e2e.bench.telemetry;

import dev.shunt.e2e.bench.Machine;
import dev.shunt.e2e.verify.PageSection;
import java.io.IOException;
import java.nio.file.Path;

/** The section of docs/telemetry.md that the command writes. Pure but for reading the file. */
final class TelemetryPage {
  static final PageSection SECTION = new PageSection("bench telemetry");

  private TelemetryPage() {}

  /** The page with its section replaced, or with the section behind what it has. */
  static String updated(Path page, TelemetryReport report, Machine machine) throws IOException {
    return SECTION.replaced(page, section(report, machine));
  }

  private static String section(TelemetryReport report, Machine machine) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%d rounds on %s, %d CPUs, Linux %s, %s. Requests a second and CPU a request, on over off: median (95 %% interval). %s%n%n"
            .formatted(
                report.rounds(),
                machine.cpu(),
                machine.cores(),
                machine.kernel(),
                machine.time(),
                String.join(" ", report.countNotes())));
    text.append(
        "| module | traffic | requests/s off | requests/s | CPU | programs | traps | reader | all, of the CPU | cost |\n");
    text.append("|---|---|---|---|---|---|---|---|---|---|\n");
    for (TelemetryReport.Row row : report.rows()) {
      text.append(
          "| %s | %s | %,.0f | %s | %s | %s | %s | %s | %s | %s |%n"
              .formatted(
                  row.cell().module().map(module -> "`" + module + "`").orElse(row.cell().what()),
                  row.cell().traffic(),
                  row.median(pair -> pair.off().requestsPerSecond()),
                  row.text(TelemetryPair::requestsRatio),
                  row.text(TelemetryPair::cpuRatio),
                  row.counted(CountedCost::programs),
                  row.counted(CountedCost::leading),
                  row.counted(CountedCost::reader),
                  row.counted(CountedCost::sum),
                  row.goal()));
    }
    return text.toString();
  }
}
