package dev.shunt.observe.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Whether bytes begin a message. */
enum HttpStart {
  /** They do not. */
  NONE,
  /** A request of HTTP/1. */
  REQUEST,
  /** A response of HTTP/1. */
  RESPONSE,
  /** The client's preface of HTTP/2 (RFC 9113, 3.4). */
  HTTP2;

  static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] STATUS_LINE = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final List<byte[]> USUAL =
      Pending.METHODS.stream()
          .map(method -> (method + " ").getBytes(StandardCharsets.US_ASCII))
          .toList();
  private static final int METHOD_MAX = 32;

  /** What the remaining bytes begin; those that are a part of a beginning count as one. */
  static HttpStart of(ByteBuffer bytes) {
    if (!bytes.hasRemaining()) {
      return NONE;
    }
    if (startsWith(bytes, STATUS_LINE)) {
      return RESPONSE;
    }
    if (bytes.remaining() > 2 && startsWith(bytes, PREFACE)) {
      return HTTP2;
    }
    return isMethod(bytes) ? REQUEST : NONE;
  }

  /** Whether a response begins that is not followed by another one to the same request. */
  static boolean isFinal(ByteBuffer bytes) {
    return of(bytes) == RESPONSE
        && bytes.remaining() > STATUS_AT
        && bytes.get(bytes.position() + STATUS_AT) != '1';
  }

  /**
   * Whether a request begins whose method is one of those in use: where the place in the stream is
   * not known, any other may be the rest of one.
   */
  static boolean isUsualRequest(ByteBuffer bytes) {
    return bytes.hasRemaining() && USUAL.stream().anyMatch(method -> startsWith(bytes, method));
  }

  /** Empty lines before a message are passed (RFC 9112, 2.2). */
  static ByteBuffer withoutEmptyLines(ByteBuffer bytes) {
    ByteBuffer rest = bytes.duplicate();
    while (rest.hasRemaining()
        && (rest.get(rest.position()) == '\r' || rest.get(rest.position()) == '\n')) {
      rest.get();
    }
    return rest;
  }

  private static boolean startsWith(ByteBuffer bytes, byte[] wanted) {
    int length = Math.min(bytes.remaining(), wanted.length);
    for (int i = 0; i < length; i++) {
      if (bytes.get(bytes.position() + i) != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  /** Capital letters, then a space; methods may be anything, and these are all that are in use. */
  private static boolean isMethod(ByteBuffer bytes) {
    int length = Math.min(bytes.remaining(), METHOD_MAX);
    for (int i = 0; i < length; i++) {
      byte at = bytes.get(bytes.position() + i);
      if (at == ' ') {
        return i > 0;
      }
      if (at != '-' && (at < 'A' || at > 'Z')) {
        return false;
      }
    }
    return length < METHOD_MAX;
  }
}
