package dev.shunt.observe.http;

import dev.shunt.observe.http.HttpExchange.Answer;
import dev.shunt.observe.http.HttpExchange.Protocol;
import dev.shunt.observe.http.HttpExchange.Request;
import dev.shunt.observe.http.HttpExchange.Side;
import dev.shunt.observe.http.HttpExchange.Size;
import dev.shunt.observe.http.HttpExchange.Timing;
import java.util.OptionalInt;
import java.util.Set;

/** An exchange under way. One thread. */
final class Pending {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

  Protocol protocol = Protocol.HTTP_1_1;
  String method = "";
  String path = "";
  int status;
  OptionalInt grpcStatus = OptionalInt.empty();
  long beginNanos;
  long firstNanos;
  long lastNanos;
  long requestBytes;
  long responseBytes;
  boolean redirected;

  /** Begins with the first byte of the request. */
  Pending(long beginNanos) {
    this.beginNanos = beginNanos;
    firstNanos = beginNanos;
    lastNanos = beginNanos;
  }

  /** Sets what is asked for; drops what nobody shall see. */
  void ask(String newMethod, String target, Protocol newProtocol) {
    method = METHODS.contains(newMethod) ? newMethod : "other";
    path = method.equals("CONNECT") ? authority(target) : path(target);
    protocol = newProtocol;
  }

  /** Without user and password. */
  private static String authority(String target) {
    return target.substring(target.lastIndexOf('@') + 1);
  }

  /** Without scheme, authority, query, fragment and parameters. */
  private static String path(String target) {
    String path = target;
    int scheme = target.indexOf("://");
    if (scheme > 0 && !target.startsWith("/")) {
      int slash = target.indexOf('/', scheme + 3);
      path = slash < 0 ? "/" : target.substring(slash);
    }
    for (char end : new char[] {'?', '#', ';'}) {
      int at = path.indexOf(end);
      path = at < 0 ? path : path.substring(0, at);
    }
    return path;
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
        new Request(method, path),
        new Answer(status, grpcStatus),
        new Timing(beginNanos, firstNanos, lastNanos),
        new Size(requestBytes, responseBytes),
        redirected);
  }
}
