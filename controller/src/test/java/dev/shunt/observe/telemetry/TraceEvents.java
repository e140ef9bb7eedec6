package dev.shunt.observe.telemetry;

import dev.shunt.observe.http.HttpExchange;
import dev.shunt.observe.http.TraceContext;
import dev.shunt.observe.trace.TraceEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** Events of a pod, for tests of what is made of them. */
public final class TraceEvents {
  public static final TraceEvent.Place CART =
      new TraceEvent.Place("pod:shop/cart-7d4b9-x2x1p", "Deployment/cart", "/kubepods/cart");
  public static final TraceEvent.Place HOST = new TraceEvent.Place("host", "", "/system.slice");
  public static final TraceContext SAMPLED =
      new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true);
  public static final TraceContext UNSAMPLED =
      new TraceContext(SAMPLED.traceId(), SAMPLED.parentId(), false);
  public static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);

  private TraceEvents() {}

  public static TraceEvent.Subject subject(TraceEvent.Place place) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return new TraceEvent.Subject(
        new InetSocketAddress(loopback, 8080),
        new InetSocketAddress(loopback, 41000),
        place,
        new TraceEvent.Actor(4711, "nginx"));
  }

  /** {@code GET path} at a server of the pod, answered by 200 after so long. */
  public static TraceEvent.Http get(String path, long nanos, Optional<TraceContext> context) {
    return http(
        CART,
        HttpExchange.Protocol.HTTP_1_1,
        new HttpExchange.Request("GET", path, context),
        new HttpExchange.Answer(200, OptionalInt.empty(), Optional.empty()),
        nanos);
  }

  public static TraceEvent.Http http(
      TraceEvent.Place place,
      HttpExchange.Protocol protocol,
      HttpExchange.Request request,
      HttpExchange.Answer answer,
      long nanos) {
    return new TraceEvent.Http(
        TIME,
        subject(place),
        new HttpExchange(
            HttpExchange.Side.SERVER,
            protocol,
            request,
            answer,
            new HttpExchange.Timing(1000, 1000 + nanos / 2, 1000 + nanos),
            new HttpExchange.Size(100, 2000),
            true));
  }

  /** The same from the other end. */
  public static TraceEvent.Http asClient(TraceEvent.Http http) {
    HttpExchange seen = http.exchange();
    return new TraceEvent.Http(
        http.time(),
        http.subject(),
        new HttpExchange(
            HttpExchange.Side.CLIENT,
            seen.protocol(),
            seen.request(),
            seen.answer(),
            seen.timing(),
            seen.size(),
            false));
  }
}
