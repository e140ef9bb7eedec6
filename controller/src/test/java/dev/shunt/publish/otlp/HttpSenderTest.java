package dev.shunt.publish.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.shunt.publish.otlp.OtlpConfig.Compression;
import dev.shunt.publish.otlp.OtlpConfig.Roots;
import dev.shunt.publish.otlp.OtlpSender.Call;
import dev.shunt.publish.otlp.SendResult.Outcome;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OTLP over HTTP, to the JDK's server. */
class HttpSenderTest {
  private static final String SECRET = "tops3cret";
  private static final ExportTraceServiceRequest SPANS =
      ExportTraceServiceRequest.newBuilder()
          .addResourceSpans(ResourceSpans.newBuilder().setSchemaUrl("mark"))
          .build();

  @TempDir private Path directory;

  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final List<String> encodings = new CopyOnWriteArrayList<>();
  private final CountDownLatch isOver = new CountDownLatch(1);
  private final List<String> traceParents = new CopyOnWriteArrayList<>();
  private final List<ExportTraceServiceRequest> spans = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private volatile int status = 200;
  private volatile byte[] answer = new byte[0];

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      calls.add(
          "%s %s %s %s"
              .formatted(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI(),
                  exchange.getRequestHeaders().getFirst("Content-Type"),
                  exchange.getRequestHeaders().getFirst("Authorization")));
      traceParents.add(exchange.getRequestHeaders().getFirst("Traceparent"));
      String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
      encodings.add(String.valueOf(encoding));
      InputStream sent = exchange.getRequestBody();
      byte[] body = (encoding == null ? sent : new GZIPInputStream(sent)).readAllBytes();
      if (exchange.getRequestURI().getPath().endsWith("/v1/traces")) {
        spans.add(ExportTraceServiceRequest.parseFrom(body));
      }
      exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private OtlpSender open(String path) {
    return open(path, Compression.NONE);
  }

  private OtlpSender open(String path, Compression compression) {
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + path;
    try {
      return OtlpSender.open(
          new OtlpConfig(
              OtlpEndpoint.parse("--x", url),
              OtlpConfig.Files.NONE,
              compression,
              Duration.ofSeconds(60),
              Roots.NONE));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static Call call(OtlpHeaders headers) {
    return new Call(headers, Duration.ofSeconds(10));
  }

  @Test
  void call_ofEachSignal_hasItsPathAndHeaders() throws IOException {
    OtlpHeaders headers =
        OtlpHeaders.read(
            Files.writeString(directory.resolve("h"), "Authorization: Bearer " + SECRET));
    try (OtlpSender sender = open("/otlp/")) {
      assertThat(sender.spans(SPANS, call(headers))).isEqualTo(SendResult.TAKEN);
      assertThat(sender.metrics(ExportMetricsServiceRequest.getDefaultInstance(), call(headers)))
          .isEqualTo(SendResult.TAKEN);
    }
    assertThat(calls)
        .containsExactly(
            "POST /otlp/v1/traces application/x-protobuf Bearer " + SECRET,
            "POST /otlp/v1/metrics application/x-protobuf Bearer " + SECRET);
    assertThat(spans).containsExactly(SPANS);
    assertThat(traceParents)
        .hasSize(2)
        .doesNotHaveDuplicates()
        .allMatch(value -> value.matches(GrpcSenderTest.UNSAMPLED));
  }

  @ParameterizedTest
  @CsvSource({
    "400, REFUSED",
    "401, LATER",
    "404, REFUSED",
    "429, LATER",
    "500, REFUSED",
    "503, LATER",
    "302, REFUSED"
  })
  void status_other_saysWhetherToTryAgain(int code, Outcome outcome) {
    status = code;
    try (OtlpSender sender = open("")) {
      SendResult result = sender.spans(SPANS, call(OtlpHeaders.NONE));

      assertThat(result.outcome()).isEqualTo(outcome);
      assertThat(result.cause()).isEqualTo("the collector answered HTTP " + code);
    }
    assertThat(calls).hasSize(1);
  }

  @Test
  void answer_inPart_tellsHowManyWereRejected() {
    answer =
        ExportTraceServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportTracePartialSuccess.newBuilder()
                    .setRejectedSpans(3)
                    .setErrorMessage("too\nold"))
            .build()
            .toByteArray();
    try (OtlpSender sender = open("")) {
      assertThat(sender.spans(SPANS, call(OtlpHeaders.NONE)))
          .isEqualTo(SendResult.taken(3, "too?old"));
    }
  }

  /** As gateways answer in front of a collector. */
  @ParameterizedTest
  @ValueSource(ints = {200, 202, 204})
  void answer_ofSuccessInOtherWords_isTaken(int code) {
    status = code;
    answer =
        code == 204
            ? new byte[0]
            : "<html>hello</html>".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    try (OtlpSender sender = open("")) {
      assertThat(sender.spans(SPANS, call(OtlpHeaders.NONE))).isEqualTo(SendResult.TAKEN);
    }
  }

  @Test
  void collector_away_isToBeTriedAgain() {
    try (OtlpSender sender = open("")) {
      server.stop(0);

      assertThat(sender.spans(SPANS, call(OtlpHeaders.NONE)).outcome()).isEqualTo(Outcome.LATER);
    }
  }

  @Test
  void call_thatIsNotAnswered_isToldFromOneThatFails() {
    server.createContext("/hangs", exchange -> awaitEnd());
    try (OtlpSender sender = open("/hangs")) {
      Call call = new Call(OtlpHeaders.NONE, Duration.ofMillis(300));
      assertThat(sender.spans(SPANS, call).outcome()).isEqualTo(Outcome.SILENT);
    } finally {
      isOver.countDown();
    }
  }

  private void awaitEnd() {
    try {
      isOver.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @CsvSource({"NONE, null", "GZIP, gzip"})
  void call_isCompressedAsAsked(Compression compression, String encoding) {
    try (OtlpSender sender = open("", compression)) {
      assertThat(sender.spans(SPANS, call(OtlpHeaders.NONE))).isEqualTo(SendResult.TAKEN);
    }
    assertThat(spans).containsExactly(SPANS);
    assertThat(encodings).containsExactly(encoding);
  }
}
