package dev.shunt.cli;

import dev.shunt.v1.TraceHttp;
import dev.shunt.v1.TraceHttpProtocol;
import dev.shunt.v1.WatchTraceRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests of HTTP as lines under a heading. Not thread safe.
 *
 * @param columns of a line
 * @param hasPauses with how much of each request JVMs stood
 */
record HttpRow(Columns columns, boolean hasPauses) {
  private static final int SERVER_FAULT = 500;
  private static final int GRPC_OK = 0;

  /** Paths may have 1,024 characters; JSON has all of them. */
  private static final int PATH_WIDTH_MAX = 80;

  static HttpRow of(WatchTraceRequest request) {
    List<Columns.Column> columns =
        new ArrayList<>(
            List.of(
                Columns.text("SIDE", 6),
                Columns.text("PROTOCOL", 8),
                Columns.text("METHOD", 7),
                Columns.number("STATUS", 6),
                Columns.number("1ST BYTE", 9),
                Columns.number("LATENCY", 9),
                Columns.number("BYTES", 9),
                Columns.text("ACC", 4),
                Columns.text("TLS", 3),
                Columns.text("PATH", 30).cutAt(PATH_WIDTH_MAX)));
    if (request.getPauses()) {
      columns.add(Columns.number("PAUSE", 9));
    }
    columns.add(Columns.text(TraceRows.PLACE, 0));
    return new HttpRow(
        TraceRows.columns(columns.toArray(Columns.Column[]::new)), request.getPauses());
  }

  String heading() {
    return columns.heading();
  }

  String line(List<?> cells) {
    return columns.line(cells);
  }

  /** Cells behind those of the socket. */
  List<Object> cells(TraceHttp http) {
    List<Object> cells =
        new ArrayList<>(
            List.of(
                http.getClient() ? "client" : "server",
                protocol(http),
                http.getMethod(),
                status(http),
                http.hasFirstByte() ? TraceRows.duration(http.getFirstByte()) : "-",
                http.hasLatency() ? TraceRows.duration(http.getLatency()) : "-",
                Units.bytes(http.getResponseBytes()),
                yesNo(http.getAccelerated()),
                yesNo(http.getTls()),
                Printable.of(http.getPath())));
    if (hasPauses) {
      cells.add(paused(http));
    }
    cells.add(TraceRows.place(http.getSocket()));
    return cells;
  }

  /** How much of it JVMs stood. */
  private static String paused(TraceHttp http) {
    if (!http.hasPausedNs()) {
      return "-";
    }
    return http.getPauses() == 0 ? "0" : Units.nanos((double) http.getPausedNs());
  }

  /** No answer, a fault of the server, or a call that failed. A client may have had enough. */
  static boolean isFailed(TraceHttp http) {
    if (http.getStatus() == 0 || http.getStatus() >= SERVER_FAULT) {
      return true;
    }
    if (!http.getResetCode().isEmpty()) {
      return !http.getResetByClient();
    }
    return http.hasGrpcStatus() ? http.getGrpcStatus() != GRPC_OK : isCall(http);
  }

  private static boolean isCall(TraceHttp http) {
    return http.getProtocol() == TraceHttpProtocol.TRACE_HTTP_PROTOCOL_GRPC;
  }

  private static String yesNo(boolean value) {
    return value ? "yes" : "no";
  }

  private static String protocol(TraceHttp http) {
    return switch (http.getProtocol()) {
      case TRACE_HTTP_PROTOCOL_HTTP_1_0 -> "HTTP/1.0";
      case TRACE_HTTP_PROTOCOL_HTTP_1_1 -> "HTTP/1.1";
      case TRACE_HTTP_PROTOCOL_HTTP_2 -> "HTTP/2";
      case TRACE_HTTP_PROTOCOL_GRPC -> "gRPC";
      case TRACE_HTTP_PROTOCOL_UNSPECIFIED, UNRECOGNIZED -> "-";
    };
  }

  /**
   * {@code 200}, or {@code 200/5} with the status of gRPC, {@code 200/-} where it has none; {@code
   * 200 reset}.
   */
  private static String status(TraceHttp http) {
    String reset = http.getResetCode().isEmpty() ? "" : " reset";
    if (http.getStatus() == 0) {
      return "-" + reset;
    }
    if (!isCall(http) && !http.hasGrpcStatus()) {
      return http.getStatus() + reset;
    }
    String grpc = http.hasGrpcStatus() ? Integer.toString(http.getGrpcStatus()) : "-";
    return http.getStatus() + "/" + grpc + reset;
  }
}
