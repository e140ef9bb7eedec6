package dev.shunt.observe.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is needed of the head of a message of HTTP/1. Immutable; nothing else of the headers is
 * kept.
 *
 * @param startLine the first line
 * @param contentLength -1: not said
 * @param chunked whether the body is in chunks
 * @param context of the trace that it belongs to; empty: none that is valid
 */
record Http1Head(
    String startLine, long contentLength, boolean chunked, Optional<TraceContext> context) {
  private static final String LENGTH = "content-length:";
  private static final String ENCODING = "transfer-encoding:";
  private static final String CONTEXT = TraceContext.HEADER + ":";

  /** A request line. */
  record RequestLine(String method, String target, HttpExchange.Protocol protocol) {}

  static Http1Head parse(byte[] bytes, int length) {
    String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    int end = lineEnd(text, 0);
    String startLine = line(text, 0, end);
    long contentLength = -1;
    boolean chunked = false;
    List<String> contexts = new ArrayList<>();
    for (int at = end + 1; at < length; at = end + 1) {
      end = lineEnd(text, at);
      if (text.regionMatches(true, at, LENGTH, 0, LENGTH.length())) {
        contentLength = number(line(text, at + LENGTH.length(), end).strip());
      } else if (text.regionMatches(true, at, ENCODING, 0, ENCODING.length())) {
        String codings = line(text, at + ENCODING.length(), end).strip();
        chunked = codings.toLowerCase(Locale.ROOT).endsWith("chunked");
      } else if (text.regionMatches(true, at, CONTEXT, 0, CONTEXT.length())) {
        contexts.add(line(text, at + CONTEXT.length(), end).strip());
      }
    }
    return new Http1Head(startLine, contentLength, chunked, TraceContext.of(contexts));
  }

  private static int lineEnd(String text, int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end;
  }

  private static String line(String text, int from, int end) {
    int last = end > from && text.charAt(end - 1) == '\r' ? end - 1 : end;
    return text.substring(from, last);
  }

  /** The same length said twice is one (RFC 9110, 8.6). */
  private static long number(String text) {
    String first = text.contains(",") ? text.substring(0, text.indexOf(',')).strip() : text;
    try {
      return Math.max(-1, Long.parseLong(first));
    } catch (NumberFormatException wrong) {
      return -1;
    }
  }

  /** Null: this is none. */
  @Nullable RequestLine request() {
    int space = startLine.indexOf(' ');
    int last = startLine.lastIndexOf(' ');
    if (space <= 0 || last <= space || !startLine.startsWith("HTTP/1.", last + 1)) {
      return null;
    }
    return new RequestLine(
        startLine.substring(0, space), startLine.substring(space + 1, last).strip(), protocol());
  }

  private HttpExchange.Protocol protocol() {
    return startLine.endsWith("HTTP/1.0")
        ? HttpExchange.Protocol.HTTP_1_0
        : HttpExchange.Protocol.HTTP_1_1;
  }

  /** The status of a response; 0: this is none. */
  int status() {
    int space = startLine.indexOf(' ');
    if (!startLine.startsWith("HTTP/1.") || space < 0 || startLine.length() < space + 4) {
      return 0;
    }
    try {
      int status = Integer.parseInt(startLine.substring(space + 1, space + 4));
      return status >= 100 && status <= 999 ? status : 0;
    } catch (NumberFormatException wrong) {
      return 0;
    }
  }
}
