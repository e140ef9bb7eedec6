package dev.shunt.publish.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.http.HttpExchange;
import dev.shunt.observe.http.HttpExchange.Protocol;
import dev.shunt.observe.http.HttpExchange.Side;
import dev.shunt.observe.telemetry.TraceEvents;
import dev.shunt.observe.trace.TraceEvent;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests as spans. */
class SpanMessagesTest {
  private final SpanMessages messages =
      new SpanMessages(
          new NodeResource("host-1", Optional.of("node-1"), "1.2.3"), new SplittableRandom(1));

  private Span span(TraceEvent.Http http) {
    return messages.request(List.of(http)).getResourceSpans(0).getScopeSpans(0).getSpans(0);
  }

  private static Map<String, String> attributes(List<KeyValue> attributes) {
    Map<String, String> byName = new TreeMap<>();
    for (KeyValue one : attributes) {
      AnyValue value = one.getValue();
      byName.put(
          one.getKey(),
          switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> Long.toString(value.getIntValue());
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            default -> throw new AssertionError(one);
          });
    }
    return byName;
  }

  private static TraceEvent.Http answered(Protocol protocol, String path, int status, int grpc) {
    return TraceEvents.http(
        TraceEvents.CART,
        protocol,
        new HttpExchange.Request("POST", path, Optional.of(TraceEvents.SAMPLED)),
        new HttpExchange.Answer(
            status, grpc < 0 ? OptionalInt.empty() : OptionalInt.of(grpc), Optional.empty()),
        1_000_000);
  }

  private static TraceEvent.Http reset(Protocol protocol, int status, Side by) {
    return TraceEvents.http(
        TraceEvents.CART,
        protocol,
        new HttpExchange.Request("POST", "/pkg.S/Call", Optional.of(TraceEvents.SAMPLED)),
        new HttpExchange.Answer(
            status, OptionalInt.empty(), Optional.of(new HttpExchange.Reset(by, 8))),
        1_000_000);
  }

  /** A client resets what it has enough of, too. */
  @ParameterizedTest
  @CsvSource({
    "HTTP_2, 200, SERVER, reset",
    "HTTP_2, 200, CLIENT, ''",
    "GRPC, 200, SERVER, reset",
    "GRPC, 200, CLIENT, ''",
    "HTTP_2, 503, SERVER, 503",
    "HTTP_2, 0, CLIENT, no_response",
    "HTTP_2, 0, SERVER, no_response"
  })
  void span_ofAStreamThatWasReset_saysWhoAndWhy(
      Protocol protocol, int status, Side by, String error) {
    TraceEvent.Http server = reset(protocol, status, by);

    for (TraceEvent.Http end : List.of(server, TraceEvents.asClient(server))) {
      assertThat(error(span(end))).isEqualTo(error);
      assertThat(attributes(span(end).getAttributesList()))
          .containsEntry("shunt.reset.by", by.name().toLowerCase(Locale.ROOT))
          .containsEntry("shunt.reset.code", "CANCEL");
    }
  }

  @Test
  void span_ofARequestWithContext_isAChildOfTheCallers() {
    Span span = span(TraceEvents.get("/users/{id}", 3_000_000, Optional.of(TraceEvents.SAMPLED)));

    assertThat(HexFormat.of().formatHex(span.getTraceId().toByteArray()))
        .isEqualTo(TraceEvents.SAMPLED.traceId());
    assertThat(HexFormat.of().formatHex(span.getParentSpanId().toByteArray()))
        .isEqualTo(TraceEvents.SAMPLED.parentId());
    assertThat(span.getSpanId().size()).isEqualTo(8);
    assertThat(span.getSpanId()).isNotEqualTo(span.getParentSpanId());
    assertThat(span.getFlags()).isEqualTo(0x301);
    assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(span.getName()).isEqualTo("GET /users/{id}");
    assertThat(span.getStartTimeUnixNano()).isEqualTo(1_700_000_000_000_000_000L);
    assertThat(span.getEndTimeUnixNano() - span.getStartTimeUnixNano()).isEqualTo(3_000_000);
    assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
    assertThat(attributes(span.getAttributesList()))
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("http.request.method", "GET"),
                Map.entry("url.template", "/users/{id}"),
                Map.entry("http.response.status_code", "200"),
                Map.entry("http.request.size", "100"),
                Map.entry("http.response.size", "2000"),
                Map.entry("network.protocol.name", "http"),
                Map.entry("network.protocol.version", "1.1"),
                Map.entry("network.transport", "tcp"),
                Map.entry("network.peer.address", "127.0.0.1"),
                Map.entry("network.peer.port", "41000"),
                Map.entry("server.address", "127.0.0.1"),
                Map.entry("server.port", "8080"),
                Map.entry("shunt.accelerated", "true")));
  }

  @Test
  void span_ofTheOtherEnd_isAClients() {
    TraceEvent.Http http = TraceEvents.get("/a", 1000, Optional.of(TraceEvents.SAMPLED));
    Span span = span(TraceEvents.asClient(http));

    assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
    assertThat(attributes(span.getAttributesList()))
        .containsEntry("server.port", "41000")
        .containsEntry("shunt.accelerated", "false");
  }

  @Test
  void span_withoutContext_beginsATrace() {
    Set<Object> ids = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      Span span = span(TraceEvents.get("/a", 1000, Optional.empty()));
      assertThat(span.getParentSpanId().isEmpty()).isTrue();
      assertThat(span.getFlags()).isEqualTo(1);
      assertThat(span.getTraceId().size()).isEqualTo(16);
      ids.add(span.getTraceId());
      ids.add(span.getSpanId());
    }
    assertThat(ids).hasSize(200);
  }

  @Test
  void span_ofACall_hasTheNamesOfRpc() {
    Span span = span(answered(Protocol.GRPC, "/pkg.Service/Call", 200, 5));

    assertThat(span.getName()).isEqualTo("pkg.Service/Call");
    assertThat(attributes(span.getAttributesList()))
        .containsEntry("rpc.system", "grpc")
        .containsEntry("rpc.service", "pkg.Service")
        .containsEntry("rpc.method", "Call")
        .containsEntry("rpc.grpc.status_code", "5")
        .containsEntry("network.protocol.version", "2")
        .doesNotContainKey("url.template");
  }

  /** A client's mistake is no fault of the server. */
  @ParameterizedTest
  @CsvSource({
    "HTTP_1_1, 200, -1, '', ''",
    "HTTP_1_1, 404, -1, '', 404",
    "HTTP_1_1, 503, -1, 503, 503",
    "HTTP_1_1, 0, -1, no_response, no_response",
    "GRPC, 200, 0, '', ''",
    "GRPC, 200, 5, '', 5",
    "GRPC, 200, 14, 14, 14",
    "GRPC, 200, -1, no_grpc_status, no_grpc_status"
  })
  void span_thatFailed_saysSo(
      Protocol protocol, int status, int grpc, String ofServer, String ofClient) {
    TraceEvent.Http server = answered(protocol, "/pkg.Service/Call", status, grpc);

    assertThat(error(span(server))).isEqualTo(ofServer);
    assertThat(error(span(TraceEvents.asClient(server)))).isEqualTo(ofClient);
  }

  private static String error(Span span) {
    String type = attributes(span.getAttributesList()).getOrDefault("error.type", "");
    assertThat(span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR)
        .isEqualTo(!type.isEmpty());
    return type;
  }

  @Test
  void span_whosePathIsNotTold_hasTheMethodAsItsName() {
    TraceEvent.Http other =
        TraceEvents.http(
            TraceEvents.HOST,
            Protocol.HTTP_1_0,
            new HttpExchange.Request("other", "{other}", Optional.of(TraceEvents.SAMPLED)),
            HttpExchange.Answer.NONE,
            0);
    Span span = span(other);

    assertThat(span.getName()).isEqualTo("HTTP");
    assertThat(attributes(span.getAttributesList()))
        .containsEntry("http.request.method", "_OTHER")
        .doesNotContainKeys("url.template", "http.response.status_code");
  }

  @Test
  void spans_ofTwoPlaces_haveResourcesOfTheirOwn() {
    TraceEvent.Http pod = TraceEvents.get("/a", 1000, Optional.of(TraceEvents.SAMPLED));
    TraceEvent.Http host =
        new TraceEvent.Http(pod.time(), TraceEvents.subject(TraceEvents.HOST), pod.exchange());
    ExportTraceServiceRequest request = messages.request(List.of(pod, host, pod));

    assertThat(request.getResourceSpansList()).hasSize(2);
    assertThat(request.getResourceSpans(0).getScopeSpans(0).getSpansList()).hasSize(2);
    assertThat(attributes(request.getResourceSpans(0).getResource().getAttributesList()))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "service.name", "cart",
                "process.executable.name", "nginx",
                "k8s.namespace.name", "shop",
                "k8s.pod.name", "cart-7d4b9-x2x1p",
                "k8s.deployment.name", "cart",
                "host.name", "host-1",
                "k8s.node.name", "node-1"));
    assertThat(attributes(request.getResourceSpans(1).getResource().getAttributesList()))
        .containsEntry("service.name", "nginx")
        .doesNotContainKey("k8s.pod.name");
  }
}
