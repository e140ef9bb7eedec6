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
import java.util.Locale;
import java.util.Map;

/** Events of a trace as lines under a heading, or as documents. Immutable. */
final class TraceRows {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS").withZone(ZoneId.systemDefault());

  static final String ENDS = "%-15s  %7s  %-15s  %-21s  %-21s  ";
  private static final String CONNECT = ENDS + "%9s  %-16s  %s%n";
  private static final String CHANGE = ENDS + "%-11s  %-11s  %9s  %-12s  %s%n";
  private static final String HANDSHAKE = ENDS + "%-6s  %-8s  %s%n";

  private final Paint paint;
  private final boolean hasPauses;

  /** Without pauses. */
  TraceRows(Paint paint) {
    this(paint, WatchTraceRequest.getDefaultInstance());
  }

  /** With what was asked for. */
  TraceRows(Paint paint, WatchTraceRequest request) {
    this.paint = paint;
    hasPauses = request.getPauses();
  }

  /** What stands above the lines. */
  String heading(TraceModule module) {
    Object[] ends = {"TIME", "PID", "COMMAND", "LOCAL", "REMOTE"};
    return switch (module) {
      case TRACE_MODULE_CONNECT -> line(CONNECT, ends, "LATENCY", "RESULT", "NETNS");
      case TRACE_MODULE_STATES ->
          line(CHANGE, ends, "FROM", "TO", "IN STATE", "CLOSED BY", "NETNS");
      case TRACE_MODULE_FASTOPEN -> line(HANDSHAKE, ends, "SIDE", "OUTCOME", "NETNS");
      case TRACE_MODULE_HTTP -> HttpRow.heading(ends, paused("PAUSE", "NETNS"));
      case TRACE_MODULE_JVM -> CodeRows.JVM_HEADING;
      case TRACE_MODULE_TLS -> CodeRows.tlsHeading(ends);
      default -> "";
    };
  }

  static String line(String format, Object[] ends, Object... more) {
    Object[] all = new Object[ends.length + more.length];
    System.arraycopy(ends, 0, all, 0, ends.length);
    System.arraycopy(more, 0, all, ends.length, more.length);
    return String.format(Locale.ROOT, format, all).stripTrailing() + "\n";
  }

  String text(TraceEvent event) {
    return switch (event.getEventCase()) {
      case CONNECT -> connect(event.getConnect());
      case STATE -> change(event.getState());
      case RTT -> RoundTripChart.of(event.getRtt(), place(event.getRtt().getPair()));
      case FASTOPEN -> handshake(event.getFastopen());
      case HTTP -> http(event.getHttp());
      case JVM -> CodeRows.collection(event.getJvm());
      case TLS ->
          CodeRows.tls(event.getTls(), ends(event.getTls().getTime(), event.getTls().getSocket()));
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

  private static Object[] ends(Timestamp time, TraceSocket socket) {
    return new Object[] {
      clock(time),
      socket.getPid() == 0 ? "-" : socket.getPid(),
      socket.getCommand().isEmpty() ? "-" : Printable.of(socket.getCommand()),
      end(socket.getLocalAddress(), socket.getLocalPort()),
      end(socket.getRemoteAddress(), socket.getRemotePort())
    };
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
        line(
            CONNECT,
            ends(connect.getTime(), connect.getSocket()),
            duration(connect.getLatency()),
            result,
            place(connect.getSocket()));
    return connect.getOutcome() == TraceOutcome.TRACE_OUTCOME_ESTABLISHED ? line : warned(line);
  }

  private String warned(String line) {
    return paint.warning(line.stripTrailing()) + "\n";
  }

  private String change(TraceStateChange change) {
    String closer = Names.of(change.getCloser());
    return line(
        CHANGE,
        ends(change.getTime(), change.getSocket()),
        change.getOldState(),
        change.getNewState(),
        change.hasInState() ? duration(change.getInState()) : "-",
        closer.equals("nobody") ? "" : closer,
        place(change.getSocket()));
  }

  private String handshake(TraceHandshake handshake) {
    return line(
        HANDSHAKE,
        ends(handshake.getTime(), handshake.getSocket()),
        handshake.getClient() ? "client" : "server",
        Names.of(handshake.getOutcome()),
        place(handshake.getSocket()));
  }

  /** The last columns of a request. */
  private String paused(String pause, String place) {
    return hasPauses ? String.format(Locale.ROOT, "%9s  %s", pause, place) : place;
  }

  private String http(TraceHttp http) {
    String last = paused(HttpRow.paused(http), place(http.getSocket()));
    String line = HttpRow.text(http, ends(http.getTime(), http.getSocket()), last);
    return HttpRow.isFailed(http) ? warned(line) : line;
  }
}
