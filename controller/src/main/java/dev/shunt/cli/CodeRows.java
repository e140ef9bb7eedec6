package dev.shunt.cli;

import dev.shunt.v1.TraceCollection;
import dev.shunt.v1.TraceSocket;
import dev.shunt.v1.TraceTls;
import dev.shunt.v1.TraceTlsSide;
import java.util.List;

/** What modules tell of code of programs, as cells of lines. Stateless. */
final class CodeRows {
  /** Longer names of hosts are cut; some are of the length that DNS allows. */
  private static final int NAME_WIDTH_MAX = 60;

  static final List<Columns.Column> JVM =
      List.of(
          Columns.text("TIME", 15),
          Columns.number("PID", 7),
          Columns.text("COMMAND", 15),
          Columns.text("KIND", 10),
          Columns.text("COLLECTOR", 21),
          Columns.number("DURATION", 9),
          Columns.text("HEAP", 22),
          Columns.text(TraceRows.PLACE, 0));

  private CodeRows() {}

  /** Cells of {@link #JVM}. */
  static List<Object> collection(TraceCollection event) {
    TraceSocket process = event.getProcess();
    return List.of(
        TraceRows.clock(event.getTime()),
        process.getPid(),
        Printable.of(process.getCommand()),
        Names.of(event.getKind()),
        orDash(event.getCollector()),
        TraceRows.duration(event.getDuration()),
        heap(event),
        TraceRows.place(process));
  }

  /** Columns of a TLS connection, behind those of its socket. */
  static Columns.Column[] tlsColumns() {
    return new Columns.Column[] {
      Columns.text("STATE", 11),
      Columns.text("SIDE", 6),
      Columns.text("VERSION", 7),
      Columns.number("HANDSHAKE", 9),
      Columns.number("READ", 8),
      Columns.number("WRITTEN", 8),
      Columns.text("NAME", 24).cutAt(NAME_WIDTH_MAX),
      Columns.text(TraceRows.PLACE, 0)
    };
  }

  /** Cells of those. */
  static List<Object> tls(TraceTls event) {
    boolean isSeen = event.getSide() != TraceTlsSide.TRACE_TLS_SIDE_UNSPECIFIED;
    String state = Names.of(event.getState());
    return List.of(
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
