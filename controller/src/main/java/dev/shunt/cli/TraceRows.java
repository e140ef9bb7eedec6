package dev.shunt.cli;

import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.shunt.v1.TraceConnect;
import dev.shunt.v1.TraceEvent;
import dev.shunt.v1.TraceHandshake;
import dev.shunt.v1.TraceHttp;
import dev.shunt.v1.TraceModule;
import dev.shunt.v1.TraceOutcome;
import dev.shunt.v1.TraceSocket;
import dev.shunt.v1.TraceStateChange;
import dev.shunt.v1.WatchTraceRequest;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Events of a trace as lines under a heading, or as documents. Not thread safe. */
final class TraceRows {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS").withZone(ZoneId.systemDefault());

  /** Title of the last column, which may be as wide as it likes. */
  static final String PLACE = "NETNS";

  private final Columns connects =
      columns(Columns.number("LATENCY", 9), Columns.text("RESULT", 16), Columns.text(PLACE, 0));
  private final Columns changes =
      columns(
          Columns.text("FROM", 11),
          Columns.text("TO", 11),
          Columns.number("IN STATE", 9),
          Columns.text("CLOSED BY", 12),
          Columns.text(PLACE, 0));
  private final Columns handshakes =
      columns(Columns.text("SIDE", 6), Columns.text("OUTCOME", 8), Columns.text(PLACE, 0));
  private final Columns connections = columns(CodeRows.tlsColumns());
  private final Columns collections = new Columns(CodeRows.JVM);

  private final Paint paint;
  private final HttpRow requests;

  /** Without pauses. */
  TraceRows(Paint paint) {
    this(paint, WatchTraceRequest.getDefaultInstance());
  }

  /** With what was asked for. */
  TraceRows(Paint paint, WatchTraceRequest request) {
    this.paint = paint;
    requests = HttpRow.of(request);
  }

  /** Behind those of a socket and whose it is. */
  static Columns columns(Columns.Column... more) {
    List<Columns.Column> all = new ArrayList<>();
    all.add(Columns.text("TIME", 15));
    all.add(Columns.number("PID", 7));
    all.add(Columns.text("COMMAND", 15));
    all.add(Columns.text("LOCAL", 21));
    all.add(Columns.text("REMOTE", 21));
    Collections.addAll(all, more);
    return new Columns(all);
  }

  /** What stands above the lines. */
  String heading(TraceModule module) {
    return switch (module) {
      case TRACE_MODULE_CONNECT -> connects.heading();
      case TRACE_MODULE_STATES -> changes.heading();
      case TRACE_MODULE_FASTOPEN -> handshakes.heading();
      case TRACE_MODULE_HTTP -> requests.heading();
      case TRACE_MODULE_JVM -> collections.heading();
      case TRACE_MODULE_TLS -> connections.heading();
      default -> "";
    };
  }

  String text(TraceEvent event) {
    return switch (event.getEventCase()) {
      case CONNECT -> connect(event.getConnect());
      case STATE -> change(event.getState());
      case RTT -> RoundTripChart.of(event.getRtt(), place(event.getRtt().getPair()));
      case FASTOPEN -> handshake(event.getFastopen());
      case HTTP -> http(event.getHttp());
      case JVM -> collections.line(CodeRows.collection(event.getJvm()));
      case TLS ->
          connections.line(
              row(
                  event.getTls().getTime(),
                  event.getTls().getSocket(),
                  CodeRows.tls(event.getTls())));
      case PROFILE, TOTALS, NOTICE, EVENT_NOT_SET -> "";
    };
  }

  /** The event without what wraps it. */
  static Map<String, Object> document(TraceEvent event) {
    Message message =
        switch (event.getEventCase()) {
          case CONNECT -> event.getConnect();
          case STATE -> event.getState();
          case RTT -> event.getRtt();
          case FASTOPEN -> event.getFastopen();
          case PROFILE -> event.getProfile();
          case HTTP -> event.getHttp();
          case JVM -> event.getJvm();
          case TLS -> event.getTls();
          case NOTICE -> event.getNotice();
          case TOTALS, EVENT_NOT_SET -> event.getTotals();
        };
    return MessageTree.of(message);
  }

  static String clock(Timestamp time) {
    return CLOCK.format(Instant.ofEpochSecond(time.getSeconds(), time.getNanos()));
  }

  /** All cells of a line. */
  private static List<Object> row(Timestamp time, TraceSocket socket, List<?> more) {
    List<Object> cells = new ArrayList<>();
    cells.add(clock(time));
    cells.add(socket.getPid() == 0 ? "-" : socket.getPid());
    cells.add(socket.getCommand().isEmpty() ? "-" : Printable.of(socket.getCommand()));
    cells.add(end(socket.getLocalAddress(), socket.getLocalPort()));
    cells.add(end(socket.getRemoteAddress(), socket.getRemotePort()));
    cells.addAll(more);
    return cells;
  }

  private static String end(String address, int port) {
    return address.isEmpty() ? "-" : Addresses.join(address, port);
  }

  static String place(TraceSocket socket) {
    return socket.getWorkload().isEmpty()
        ? socket.getNamespace()
        : socket.getNamespace() + " (" + socket.getWorkload() + ")";
  }

  static String duration(Duration duration) {
    return Units.nanos(duration.getSeconds() * 1e9 + duration.getNanos());
  }

  private String connect(TraceConnect connect) {
    String result =
        switch (connect.getOutcome()) {
          case TRACE_OUTCOME_FAILED -> connect.getErrnoName() + "/" + connect.getErrnoValue();
          default -> Names.of(connect.getOutcome());
        };
    String line =
        connects.line(
            row(
                connect.getTime(),
                connect.getSocket(),
                List.of(duration(connect.getLatency()), result, place(connect.getSocket()))));
    return connect.getOutcome() == TraceOutcome.TRACE_OUTCOME_ESTABLISHED ? line : warned(line);
  }

  private String warned(String line) {
    return paint.warning(line.stripTrailing()) + "\n";
  }

  private String change(TraceStateChange change) {
    String closer = Names.of(change.getCloser());
    List<String> cells =
        List.of(
            change.getOldState(),
            change.getNewState(),
            change.hasInState() ? duration(change.getInState()) : "-",
            closer.equals("nobody") ? "" : closer,
            place(change.getSocket()));
    return changes.line(row(change.getTime(), change.getSocket(), cells));
  }

  private String handshake(TraceHandshake handshake) {
    List<String> cells =
        List.of(
            handshake.getClient() ? "client" : "server",
            Names.of(handshake.getOutcome()),
            place(handshake.getSocket()));
    return handshakes.line(row(handshake.getTime(), handshake.getSocket(), cells));
  }

  private String http(TraceHttp http) {
    String line = requests.line(row(http.getTime(), http.getSocket(), requests.cells(http)));
    return HttpRow.isFailed(http) ? warned(line) : line;
  }
}
