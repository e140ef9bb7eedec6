package dev.shunt.observe.http;

import dev.shunt.observe.http.HttpExchange.Answer;
import dev.shunt.observe.http.HttpExchange.Protocol;
import dev.shunt.observe.http.HttpExchange.Request;
import dev.shunt.observe.http.HttpExchange.Side;
import dev.shunt.observe.http.HttpExchange.Size;
import dev.shunt.observe.http.HttpExchange.Timing;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** An exchange under way. One thread. */
final class Pending {
  static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");
  private static final Pattern BEHIND_PATH = Pattern.compile("[?#;].*", Pattern.DOTALL);
  private static final String SCHEME_END = "://";

  /** Characters of a path that are kept. */
  static final int PATH_MAX = 1024;

  /** More than one of these takes with its path. */
  static final int BYTES_MAX = PATH_MAX + 448;

  Protocol protocol = Protocol.HTTP_1_1;
  String method = "";
  String path = "";
  Optional<TraceContext> context = Optional.empty();
  int status;
  OptionalInt grpcStatus = OptionalInt.empty();
  Optional<HttpExchange.Reset> reset = Optional.empty();
  long beginNanos;
  long firstNanos;
  long lastNanos;
  long requestBytes;
  long responseBytes;
  boolean redirected;

  /** It may be no request: it is counted and not told. */
  boolean isDoubtful;

  /** Begins with the first byte of the request. */
  Pending(long beginNanos) {
    this.beginNanos = beginNanos;
    firstNanos = beginNanos;
    lastNanos = beginNanos;
  }

  /** Sets what is asked for; drops what nobody shall see. */
  void ask(String newMethod, String target, Protocol newProtocol) {
    method = METHODS.contains(newMethod) ? newMethod : "other";
    String kept = kept(target);
    path = kept.substring(0, Math.min(kept.length(), PATH_MAX));
    protocol = newProtocol;
  }

  /**
   * The path, or the authority where there is none (CONNECT, RFC 9110, 9.3.6). What stands behind a
   * path goes first, so that nothing in it is taken for anything else.
   */
  private static String kept(String target) {
    String front = BEHIND_PATH.matcher(target).replaceFirst("");
    if (front.startsWith("/")) {
      return front;
    }
    int scheme = front.indexOf(SCHEME_END);
    if (scheme > 0) {
      int slash = front.indexOf('/', scheme + SCHEME_END.length());
      return slash < 0 ? "/" : front.substring(slash);
    }
    return authority(front, target);
  }

  /** Without user and password; nothing when these cannot be told from the rest. */
  private static String authority(String front, String target) {
    return target.indexOf('@', front.length()) >= 0
        ? ""
        : front.substring(front.lastIndexOf('@') + 1);
  }

  /** Counts bytes of the request. */
  void addRequest(long count) {
    requestBytes += count;
  }

  /** Counts bytes of the response. */
  void addResponse(long count, long nanos) {
    responseBytes += count;
    lastNanos = nanos;
  }

  HttpExchange exchange(Side side) {
    return new HttpExchange(
        side,
        protocol,
        new Request(method, path, context),
        new Answer(status, grpcStatus, reset),
        new Timing(beginNanos, firstNanos, lastNanos),
        new Size(requestBytes, responseBytes),
        redirected);
  }
}
