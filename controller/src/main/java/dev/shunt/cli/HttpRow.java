package dev.shunt.cli;

import dev.shunt.v1.TraceHttp;
import java.util.Locale;

/** A request of HTTP as a line under a heading. Stateless. */
final class HttpRow {
  private static final String FORMAT =
      TraceRows.ENDS + "%-6s  %-8s  %-7s  %6s  %9s  %9s  %9s  %-4s  %-3s  %-30s  %s%n";
  private static final int SERVER_FAULT = 500;
  private static final int GRPC_OK = 0;

  private HttpRow() {}

  static String heading(Object[] ends, String last) {
    return TraceRows.line(
        FORMAT,
        ends,
        "SIDE",
        "PROTOCOL",
        "METHOD",
        "STATUS",
        "1ST BYTE",
        "LATENCY",
        "BYTES",
        "ACC",
        "TLS",
        "PATH",
        last);
  }

  static String text(TraceHttp http, Object[] ends, String last) {
    return TraceRows.line(
        FORMAT,
        ends,
        http.getClient() ? "client" : "server",
        protocol(http),
        http.getMethod(),
        status(http),
        http.hasFirstByte() ? TraceRows.duration(http.getFirstByte()) : "-",
        http.hasLatency() ? TraceRows.duration(http.getLatency()) : "-",
        Units.bytes(http.getResponseBytes()),
        yesNo(http.getAccelerated()),
        yesNo(http.getTls()),
        Printable.of(http.getPath()),
        last);
  }

  /** How much of it JVMs stood. */
  static String paused(TraceHttp http) {
    if (!http.hasPausedNs()) {
      return "-";
    }
    return http.getPauses() == 0 ? "0" : Units.nanos((double) http.getPausedNs());
  }

  /** No answer, a fault of the server, or a call that failed. */
  static boolean isFailed(TraceHttp http) {
    return http.getStatus() == 0
        || http.getStatus() >= SERVER_FAULT
        || (http.hasGrpcStatus() && http.getGrpcStatus() != GRPC_OK);
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

  /** {@code 200}, or {@code 200/5} with the status of gRPC. */
  private static String status(TraceHttp http) {
    if (http.getStatus() == 0) {
      return "-";
    }
    return http.hasGrpcStatus()
        ? String.format(Locale.ROOT, "%d/%d", http.getStatus(), http.getGrpcStatus())
        : Integer.toString(http.getStatus());
  }
}
