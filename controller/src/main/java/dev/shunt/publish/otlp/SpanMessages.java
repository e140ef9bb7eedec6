package dev.shunt.publish.otlp;

import com.google.protobuf.ByteString;
import dev.shunt.observe.AddressText;
import dev.shunt.observe.http.HttpExchange;
import dev.shunt.observe.http.HttpExchange.Protocol;
import dev.shunt.observe.http.HttpExchange.Side;
import dev.shunt.observe.http.PathTemplates;
import dev.shunt.observe.http.TraceContext;
import dev.shunt.observe.trace.TraceEvent;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.SpanFlags;
import io.opentelemetry.proto.trace.v1.Status;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * Requests of HTTP as spans, with the names of the semantic conventions 1.37. One thread.
 *
 * <p>A span is a child of the caller's span in {@code traceparent}. Where both ends of a request
 * are on the node there are two spans with the same parent.
 */
final class SpanMessages {
  private static final int SERVER_FAULT = 500;
  private static final int CLIENT_FAULT = 400;
  private static final int TRACE_ID_BYTES = 16;
  private static final int SPAN_ID_BYTES = 8;
  private static final int NANOS_PER_SECOND = 1_000_000_000;

  private static final int SAMPLED = 1;
  private static final int REMOTE_PARENT =
      SpanFlags.SPAN_FLAGS_CONTEXT_HAS_IS_REMOTE_MASK_VALUE
          | SpanFlags.SPAN_FLAGS_CONTEXT_IS_REMOTE_MASK_VALUE;

  /** Statuses of gRPC that are a fault of the server, for its own span (semantic conventions). */
  private static final List<Integer> GRPC_SERVER_FAULTS = List.of(2, 4, 12, 13, 14, 15);

  private final NodeResource node;
  private final RandomGenerator random;

  /** Makes ids by chance. */
  SpanMessages(NodeResource node, RandomGenerator random) {
    this.node = node;
    this.random = random;
  }

  /** One call for all of them. */
  ExportTraceServiceRequest request(List<TraceEvent.Http> batch) {
    Map<PodResource, ScopeSpans.Builder> byPod = new LinkedHashMap<>();
    InstrumentationScope scope =
        InstrumentationScope.newBuilder().setName("shunt").setVersion(node.version()).build();
    for (TraceEvent.Http http : batch) {
      byPod
          .computeIfAbsent(
              PodResource.of(http.subject()), pod -> ScopeSpans.newBuilder().setScope(scope))
          .addSpans(span(http));
    }
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    byPod.forEach(
        (pod, spans) -> {
          Resource.Builder resource = Resource.newBuilder();
          pod.attributes().forEach(resource::addAttributes);
          request.addResourceSpans(
              ResourceSpans.newBuilder().setResource(node.where(resource)).addScopeSpans(spans));
        });
    return request.build();
  }

  private Span span(TraceEvent.Http http) {
    HttpExchange exchange = http.exchange();
    HttpExchange.Timing timing = exchange.timing();
    long begin = nanos(http.time());
    Span.Builder span =
        Span.newBuilder()
            .setSpanId(id(SPAN_ID_BYTES))
            .setKind(
                exchange.side() == Side.SERVER
                    ? Span.SpanKind.SPAN_KIND_SERVER
                    : Span.SpanKind.SPAN_KIND_CLIENT)
            .setName(name(exchange))
            .setStartTimeUnixNano(begin)
            .setEndTimeUnixNano(begin + Math.max(0, timing.lastNanos() - timing.beginNanos()));
    exchange
        .request()
        .context()
        .ifPresentOrElse(
            context -> join(span, context),
            () -> span.setTraceId(id(TRACE_ID_BYTES)).setFlags(SAMPLED));
    addEnds(span, http.subject(), exchange.side());
    addRequest(span, exchange);
    addAnswer(span, exchange);
    return span.build();
  }

  private static void join(Span.Builder span, TraceContext context) {
    span.setTraceId(bytes(context.traceId()))
        .setParentSpanId(bytes(context.parentId()))
        .setFlags((context.sampled() ? SAMPLED : 0) | REMOTE_PARENT);
  }

  private static String name(HttpExchange exchange) {
    HttpExchange.Request request = exchange.request();
    if (exchange.protocol() == Protocol.GRPC) {
      return request.path().replaceFirst("^/", "");
    }
    String method = request.method().equals("other") ? "HTTP" : request.method();
    boolean isTold = request.path().startsWith("/");
    return isTold ? method + " " + request.path() : method;
  }

  /** The server is whom the request went to, whichever end was watched. */
  private static void addEnds(Span.Builder span, TraceEvent.Subject subject, Side side) {
    InetSocketAddress server = side == Side.SERVER ? subject.local() : subject.remote();
    InetSocketAddress peer = subject.remote();
    span.addAttributes(Attributes.of("server.address", AddressText.format(server.getAddress())))
        .addAttributes(Attributes.of("server.port", server.getPort()))
        .addAttributes(Attributes.of("network.peer.address", AddressText.format(peer.getAddress())))
        .addAttributes(Attributes.of("network.peer.port", peer.getPort()))
        .addAttributes(Attributes.of("network.transport", "tcp"));
  }

  private static void addRequest(Span.Builder span, HttpExchange exchange) {
    HttpExchange.Request request = exchange.request();
    boolean isOther = request.method().equals("other");
    span.addAttributes(Attributes.of("http.request.method", isOther ? "_OTHER" : request.method()))
        .addAttributes(Attributes.of("network.protocol.name", "http"))
        .addAttributes(Attributes.of("network.protocol.version", version(exchange.protocol())))
        .addAttributes(Attributes.of("http.request.size", exchange.size().request()))
        .addAttributes(Attributes.of("http.response.size", exchange.size().response()))
        .addAttributes(
            Attributes.of(
                "shunt.accelerated", AnyValue.newBuilder().setBoolValue(exchange.redirected())));
    if (exchange.protocol() == Protocol.GRPC) {
      addMethod(span, request.path());
    } else if (!request.path().equals(PathTemplates.OTHER)) {
      span.addAttributes(Attributes.of("url.template", request.path()));
    }
  }

  /** {@code /package.Service/Method}. */
  private static void addMethod(Span.Builder span, String path) {
    int slash = path.lastIndexOf('/');
    span.addAttributes(Attributes.of("rpc.system", "grpc"));
    if (slash > 0) {
      span.addAttributes(Attributes.of("rpc.service", path.substring(1, slash)))
          .addAttributes(Attributes.of("rpc.method", path.substring(slash + 1)));
    }
  }

  private static String version(Protocol protocol) {
    return switch (protocol) {
      case HTTP_1_0 -> "1.0";
      case HTTP_1_1 -> "1.1";
      case HTTP_2, GRPC -> "2";
    };
  }

  private static void addAnswer(Span.Builder span, HttpExchange exchange) {
    int status = exchange.answer().status();
    OptionalInt grpc = exchange.answer().grpcStatus();
    Optional<HttpExchange.Reset> reset = exchange.answer().reset();
    reset.ifPresent(known -> addReset(span, known));
    if (status == 0) {
      fail(span, "no_response");
      return;
    }
    span.addAttributes(Attributes.of("http.response.status_code", status));
    grpc.ifPresent(code -> span.addAttributes(Attributes.of("rpc.grpc.status_code", code)));
    boolean isServer = exchange.side() == Side.SERVER;
    if (status >= (isServer ? SERVER_FAULT : CLIENT_FAULT)) {
      fail(span, Integer.toString(status));
    } else if (reset.isPresent()) {
      failReset(span, reset.get());
    } else if (exchange.protocol() == Protocol.GRPC && grpc.isEmpty()) {
      fail(span, "no_grpc_status");
    } else if (grpc.isPresent() && isFault(grpc.getAsInt(), exchange.side())) {
      fail(span, Integer.toString(grpc.getAsInt()));
    }
  }

  private static void addReset(Span.Builder span, HttpExchange.Reset reset) {
    String by = reset.by() == Side.CLIENT ? "client" : "server";
    span.addAttributes(Attributes.of("shunt.reset.by", by))
        .addAttributes(Attributes.of("shunt.reset.code", reset.codeName()));
  }

  /** A client resets what it has enough of, too. */
  private static void failReset(Span.Builder span, HttpExchange.Reset reset) {
    if (reset.by() == Side.SERVER) {
      fail(span, "reset");
    }
  }

  private static boolean isFault(int grpc, Side side) {
    return side == Side.SERVER ? GRPC_SERVER_FAULTS.contains(grpc) : grpc != 0;
  }

  private static void fail(Span.Builder span, String type) {
    span.addAttributes(Attributes.of("error.type", type))
        .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));
  }

  private static long nanos(Instant time) {
    return time.getEpochSecond() * NANOS_PER_SECOND + time.getNano();
  }

  private static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }

  /** Never all zero, which means none. */
  private ByteString id(int bytes) {
    ByteBuffer id = ByteBuffer.allocate(bytes);
    while (id.remaining() >= Long.BYTES) {
      long part = random.nextLong();
      id.putLong(part == 0 ? 1 : part);
    }
    return ByteString.copyFrom(id.flip());
  }
}
