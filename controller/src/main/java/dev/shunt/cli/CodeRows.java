package dev.shunt.cli;

import dev.shunt.v1.TraceCollection;
import dev.shunt.v1.TraceSocket;
import dev.shunt.v1.TraceTls;
import dev.shunt.v1.TraceTlsSide;
import java.util.Locale;

/** What modules tell of code of programs, as lines. Stateless. */
final class CodeRows {
  private static final String JVM = "%-15s  %7s  %-15s  %-10s  %-21s  %9s  %-22s  %s";

  private static final String TLS =
      TraceRows.ENDS + "%-11s  %-6s  %-7s  %9s  %8s  %8s  %-24s  %s%n";

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
        Printable.of(process.getCommand()),
        Names.of(event.getKind()),
        orDash(event.getCollector()),
        TraceRows.duration(event.getDuration()),
        heap(event),
        TraceRows.place(process));
  }

  static String tlsHeading(Object[] ends) {
    return TraceRows.line(
        TLS, ends, "STATE", "SIDE", "VERSION", "HANDSHAKE", "READ", "WRITTEN", "NAME", "NETNS");
  }

  static String tls(TraceTls event, Object[] ends) {
    boolean isSeen = event.getSide() != TraceTlsSide.TRACE_TLS_SIDE_UNSPECIFIED;
    String state = Names.of(event.getState());
    return TraceRows.line(
        TLS,
        ends,
        event.getAlert().isEmpty() ? state : state + ": " + Printable.of(event.getAlert()),
        isSeen ? Names.of(event.getSide()) : "-",
        orDash(event.getVersion()),
        event.hasHandshake() ? TraceRows.duration(event.getHandshake()) : "-",
        Units.bytes(event.getBytesRead()),
        Units.bytes(event.getBytesWritten()),
        orDash(event.getServerName()),
        TraceRows.place(event.getSocket()));
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "-" : Printable.of(text);
  }

  private static String heap(TraceCollection event) {
    return event.getPoolsCount() == 0
        ? "-"
        : Units.bytes(event.getHeapBefore()) + " -> " + Units.bytes(event.getHeapAfter());
  }
}
