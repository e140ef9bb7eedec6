package dev.shunt.publish.grpc;

import dev.shunt.observe.http.HttpExchange;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.v1.TraceHttp;
import dev.shunt.v1.TraceHttpProtocol;
import java.time.Duration;

/** Requests of HTTP as messages. Stateless. */
final class HttpMessages {
  private HttpMessages() {}

  static TraceHttp http(TraceEvent.Http http) {
    HttpExchange exchange = http.exchange();
    HttpExchange.Timing timing = exchange.timing();
    TraceHttp.Builder message =
        TraceHttp.newBuilder()
            .setTime(Times.toProto(http.time()))
            .setSocket(CodeMessages.socket(http.subject()))
            .setClient(exchange.side() == HttpExchange.Side.CLIENT)
            .setProtocol(protocol(exchange.protocol()))
            .setMethod(exchange.request().method())
            .setPath(exchange.request().path())
            .setStatus(exchange.answer().status())
            .setRequestBytes(exchange.size().request())
            .setResponseBytes(exchange.size().response())
            .setAccelerated(exchange.redirected())
            .setTls(http.layer() == TraceEvent.Http.Layer.TLS);
    exchange.answer().grpcStatus().ifPresent(message::setGrpcStatus);
    exchange
        .answer()
        .reset()
        .ifPresent(
            reset ->
                message
                    .setResetCode(reset.codeName())
                    .setResetByClient(reset.by() == HttpExchange.Side.CLIENT));
    exchange
        .request()
        .context()
        .ifPresent(
            context ->
                message
                    .setTraceId(context.traceId())
                    .setParentSpanId(context.parentId())
                    .setSampled(context.sampled()));
    if (exchange.answer().status() != 0) {
      message
          .setFirstByte(since(timing.beginNanos(), timing.firstNanos()))
          .setLatency(since(timing.beginNanos(), timing.lastNanos()));
    }
    http.paused()
        .ifPresent(paused -> message.setPausedNs(paused.nanos()).setPauses(paused.pauses()));
    return message.build();
  }

  private static com.google.protobuf.Duration since(long begin, long end) {
    return Times.toProto(Duration.ofNanos(Math.max(0, end - begin)));
  }

  private static TraceHttpProtocol protocol(HttpExchange.Protocol protocol) {
    return switch (protocol) {
      case HTTP_1_0 -> TraceHttpProtocol.TRACE_HTTP_PROTOCOL_HTTP_1_0;
      case HTTP_1_1 -> TraceHttpProtocol.TRACE_HTTP_PROTOCOL_HTTP_1_1;
      case HTTP_2 -> TraceHttpProtocol.TRACE_HTTP_PROTOCOL_HTTP_2;
      case GRPC -> TraceHttpProtocol.TRACE_HTTP_PROTOCOL_GRPC;
    };
  }
}
