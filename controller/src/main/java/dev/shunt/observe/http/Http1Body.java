package dev.shunt.observe.http;

/**
 * The body of a message of HTTP/1. Immutable.
 *
 * @param framing how it is delimited
 * @param length of a counted one
 */
record Http1Body(Framing framing, long length) {
  static final Http1Body NONE = new Http1Body(Framing.COUNTED, 0);
  static final int SWITCHING = 101;

  private static final int MULTIPLE_CHOICES = 300;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  /** How a body is delimited. */
  enum Framing {
    /** By its length; none is a length of 0. */
    COUNTED,
    /** By chunks. */
    CHUNKED,
    /** By the end of the connection. */
    UNTIL_END,
    /** No more messages follow. */
    OPAQUE
  }

  static Http1Body ofRequest(Http1Head head) {
    return head.chunked()
        ? new Http1Body(Framing.CHUNKED, 0)
        : new Http1Body(Framing.COUNTED, Math.max(0, head.contentLength()));
  }

  /** RFC 9112, 6.3. */
  static Http1Body ofResponse(Http1Head head, String method, int status) {
    if (status == SWITCHING || (method.equals("CONNECT") && status < MULTIPLE_CHOICES)) {
      return new Http1Body(Framing.OPAQUE, 0);
    }
    if (method.equals("HEAD") || status == NO_CONTENT || status == NOT_MODIFIED) {
      return NONE;
    }
    if (head.chunked()) {
      return new Http1Body(Framing.CHUNKED, 0);
    }
    return head.contentLength() < 0
        ? new Http1Body(Framing.UNTIL_END, 0)
        : new Http1Body(Framing.COUNTED, head.contentLength());
  }
}
