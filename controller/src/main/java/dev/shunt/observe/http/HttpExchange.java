package dev.shunt.observe.http;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request and what was answered. Immutable.
 *
 * @param side who was watched
 * @param protocol of it
 * @param request what was asked for
 * @param answer what came
 * @param timing of both
 * @param size of both
 * @param redirected whether bytes of it went past TCP
 */
public record HttpExchange(
    Side side,
    Protocol protocol,
    Request request,
    Answer answer,
    Timing timing,
    Size size,
    boolean redirected) {
  /** The same with another path. */
  public HttpExchange withPath(String path) {
    Request other = new Request(request.method, path, request.context);
    return new HttpExchange(side, protocol, other, answer, timing, size, redirected);
  }

  /** Which end was watched. */
  public enum Side {
    /** It was asked. */
    SERVER,
    /** It asked. */
    CLIENT
  }

  /** What was spoken. */
  public enum Protocol {
    /** HTTP/1.0. */
    HTTP_1_0,
    /** HTTP/1.1. */
    HTTP_1_1,
    /** HTTP/2. */
    HTTP_2,
    /** gRPC over HTTP/2. */
    GRPC
  }

  /**
   * What was asked for.
   *
   * @param method as sent if it is one of those of RFC 9110 or PATCH; {@code other} for any other
   * @param path without query; the authority for CONNECT
   * @param context of the trace that it belongs to; empty: none, or none that is valid
   */
  public record Request(String method, String path, Optional<TraceContext> context) {}

  /**
   * What was answered.
   *
   * @param status 0: no answer was seen
   * @param grpcStatus of gRPC; empty: none was seen
   * @param reset of HTTP/2: the answer is not complete, because an end gave it up
   */
  public record Answer(int status, OptionalInt grpcStatus, Optional<Reset> reset) {
    /** Nothing. */
    public static final Answer NONE = new Answer(0, OptionalInt.empty(), Optional.empty());
  }

  /**
   * A stream that was ended before its time ({@code RST_STREAM}).
   *
   * @param by who did it
   * @param code why, unsigned
   */
  public record Reset(Side by, int code) {
    /** By number (RFC 9113, section 7). */
    private static final List<String> CODES =
        List.of(
            "NO_ERROR",
            "PROTOCOL_ERROR",
            "INTERNAL_ERROR",
            "FLOW_CONTROL_ERROR",
            "SETTINGS_TIMEOUT",
            "STREAM_CLOSED",
            "FRAME_SIZE_ERROR",
            "REFUSED_STREAM",
            "CANCEL",
            "COMPRESSION_ERROR",
            "CONNECT_ERROR",
            "ENHANCE_YOUR_CALM",
            "INADEQUATE_SECURITY",
            "HTTP_1_1_REQUIRED");

    /** The name of the code; the number of one that has none. */
    public String codeName() {
      return code >= 0 && code < CODES.size() ? CODES.get(code) : "0x" + Integer.toHexString(code);
    }
  }

  /**
   * When, on the clock of the segments.
   *
   * @param beginNanos first byte of the request
   * @param firstNanos first byte of the final response; {@code beginNanos} if there was none
   * @param lastNanos last byte of the response that was seen
   */
  public record Timing(long beginNanos, long firstNanos, long lastNanos) {}

  /**
   * Bytes on the connection, heads and framing too.
   *
   * @param request of the request
   * @param response of the response, informational ones before it too
   */
  public record Size(long request, long response) {}
}
