package dev.shunt.cli;

import dev.shunt.v1.TraceCollection;
import dev.shunt.v1.TraceSocket;
import java.util.Locale;

/** What modules tell of code of programs, as lines. Stateless. */
final class CodeRows {
  private static final String JVM = "%-15s  %7s  %-15s  %-10s  %-21s  %9s  %-22s  %s";

  static final String JVM_HEADING =
      line(JVM, "TIME", "PID", "COMMAND", "KIND", "COLLECTOR", "DURATION", "HEAP", "NETNS");

  private CodeRows() {}

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values).stripTrailing() + "\n";
  }

  static String collection(TraceCollection event) {
    TraceSocket process = event.getProcess();
    return line(
        JVM,
        TraceRows.clock(event.getTime()),
        process.getPid(),
        process.getCommand(),
        Names.of(event.getKind()),
        event.getCollector().isEmpty() ? "-" : event.getCollector(),
        TraceRows.duration(event.getDuration()),
        heap(event),
        TraceRows.place(process));
  }

  private static String heap(TraceCollection event) {
    return event.getPoolsCount() == 0
        ? "-"
        : Units.bytes(event.getHeapBefore()) + " -> " + Units.bytes(event.getHeapAfter());
  }
}
