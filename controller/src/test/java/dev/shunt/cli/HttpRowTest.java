package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.shunt.observe.http.HttpConversation;
import dev.shunt.observe.http.HttpExchange;
import dev.shunt.observe.http.HttpListener;
import dev.shunt.observe.http.Segment;
import dev.shunt.observe.http.Way;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.observe.trace.TraceSink;
import dev.shunt.v1.TraceHttp;
import dev.shunt.v1.TraceHttpProtocol;
import dev.shunt.v1.WatchTraceRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as lines, and what no output may have. */
class HttpRowTest {
  private static final String SECRET = "tops3cret";
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final TraceHttp CALL =
      TraceHttp.newBuilder()
          .setProtocol(TraceHttpProtocol.TRACE_HTTP_PROTOCOL_GRPC)
          .setMethod("POST")
          .setPath("/pkg.Service/Call")
          .setStatus(200)
          .setGrpcStatus(5)
          .setFirstByte(Duration.newBuilder().setNanos(1_000_000))
          .setLatency(Duration.newBuilder().setNanos(2_500_000))
          .setResponseBytes(2048)
          .setAccelerated(true)
          .build();

  private static final TraceRows PAUSED =
      new TraceRows(Paint.PLAIN, WatchTraceRequest.newBuilder().setPauses(true).build());

  /** Words of a line, behind the ends. */
  private static String text(TraceHttp http) {
    return text(new TraceRows(Paint.PLAIN), http);
  }

  private static String text(TraceRows rows, TraceHttp http) {
    dev.shunt.v1.TraceEvent event = dev.shunt.v1.TraceEvent.newBuilder().setHttp(http).build();
    String line = rows.text(event).strip().replaceAll(" {2,}", " | ");
    return line.substring(Math.max(line.indexOf("server |"), line.indexOf("client |")));
  }

  @Test
  void row_ofACall_hasItsColumns() {
    assertThat(text(CALL))
        .isEqualTo(
            "server | gRPC | POST | 200/5 | 1.00 ms | 2.50 ms | 2.00 KiB | yes | no"
                + " | /pkg.Service/Call");
  }

  @Test
  void row_withPausesAsked_saysHowLongOrThatNobodyKnows() {
    TraceHttp.Builder call = CALL.toBuilder();

    assertThat(PAUSED.heading(dev.shunt.v1.TraceModule.TRACE_MODULE_HTTP))
        .matches("(?s).* PATH +PAUSE  NETNS\\n");
    assertThat(text(PAUSED, CALL)).endsWith("/pkg.Service/Call | -");
    assertThat(text(PAUSED, call.setPausedNs(0).setPauses(0).build())).endsWith("Call | 0");
    assertThat(text(PAUSED, call.setPausedNs(1_200_000).setPauses(2).build()))
        .endsWith("Call | 1.20 ms");
  }

  @Test
  void row_withoutAnswer_hasDashes() {
    TraceHttp asked =
        TraceHttp.newBuilder()
            .setProtocol(TraceHttpProtocol.TRACE_HTTP_PROTOCOL_HTTP_1_1)
            .setClient(true)
            .setMethod("GET")
            .setPath("/")
            .setTls(true)
            .build();

    assertThat(text(asked)).isEqualTo("client | HTTP/1.1 | GET | - | - | - | 0 B | no | yes | /");
  }

  /** What is missing of a response is not told as if it were there. */
  @ParameterizedTest
  @CsvSource({
    "GRPC:200:5, 200/5, true",
    "GRPC:200:0, 200/0, false",
    "GRPC:200, 200/-, true",
    "GRPC:200::CANCEL:client, 200/- reset, false",
    "GRPC:200::INTERNAL_ERROR, 200/- reset, true",
    "HTTP_2:200, 200, false",
    "HTTP_2:200::INTERNAL_ERROR, 200 reset, true",
    "HTTP_2:200::CANCEL:client, 200 reset, false",
    "HTTP_2:0::REFUSED_STREAM, - reset, true"
  })
  void status_ofAResponse_saysWhatIsMissing(String answer, String cell, boolean isFailed) {
    String[] parts = answer.split(":", -1);
    TraceHttp.Builder http =
        TraceHttp.newBuilder()
            .setProtocol(TraceHttpProtocol.valueOf("TRACE_HTTP_PROTOCOL_" + parts[0]))
            .setMethod("POST")
            .setPath("/")
            .setStatus(Integer.parseInt(parts[1]));
    if (parts.length > 2 && !parts[2].isEmpty()) {
      http.setGrpcStatus(Integer.parseInt(parts[2]));
    }
    if (parts.length > 3) {
      http.setResetCode(parts[3]).setResetByClient(parts.length > 4);
    }

    assertThat(text(http.build())).contains(" | POST | " + cell + " | ");
    assertThat(HttpRow.isFailed(http.build())).isEqualTo(isFailed);
  }

  /** ESC and the one-byte CSI. */
  @Test
  void path_withControlCharacters_commandsNoTerminal() {
    TraceHttp odd = CALL.toBuilder().setPath("/a\u001b[2J\u009b2J\r\u00e9").build();

    assertThat(text(odd)).endsWith("/a?[2J?2J?\u00e9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " -o json", " -o ndjson", " --raw-path", " --raw-path -o json", " --tls"})
  void secrets_ofARequest_areInNoOutput(String options, @TempDir Path directory)
      throws IOException {
    try (CliNode node = CliNode.start(directory)) {
      node.node().setTrace(HttpRowTest::tellSecrets);

      CliNode.Result result = node.run("trace http" + options);

      assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.OK);
      assertThat(result.out()).contains("/path", "/full", "db:5432", "/chat", "401");
      assertThat(result.out() + result.err()).doesNotContain(SECRET);
      assertThat(result.out().contains("\"trace_id\": \"" + TRACE + "\""))
          .as("for programs, not for people")
          .isEqualTo(options.contains("json"));
    }
  }

  @ParameterizedTest
  @CsvSource({"trace http, HTTP", "trace http --tls, HTTP_TLS"})
  void option_tls_reachesTheNode(String command, TraceModule module, @TempDir Path directory)
      throws IOException {
    List<TraceModule> asked = new CopyOnWriteArrayList<>();
    try (CliNode node = CliNode.start(directory)) {
      node.node()
          .setTrace(
              (query, sink) -> {
                asked.add(query.module());
                sink.end();
              });

      assertThat(node.run(command).code()).isEqualTo(ExitCode.OK);
      assertThat(asked).containsExactly(module);
    }
  }

  @Test
  void option_tlsOfAnotherModule_isRefused(@TempDir Path directory) throws IOException {
    try (CliNode node = CliNode.start(directory)) {
      CliNode.Result result = node.run("trace connect --tls");

      assertThat(result.code()).isEqualTo(ExitCode.USAGE);
      assertThat(result.err()).contains("--tls: true (expected: with the module http only)");
    }
  }

  private static void tellSecrets(TraceQuery query, TraceSink sink) {
    sink.event(new TraceEvent.Totals("test", 0, 0, 0, 0, ""));
    String[] lines = {
      "GET /path?q=%s#%s HTTP/1.1",
      "POST http://user:%s@host/full;id=%s?next=a/%s HTTP/1.1",
      "GET http://host?next=a/%s HTTP/1.1",
      "CONNECT /chat?token=%s HTTP/1.1",
      "CONNECT user:%s@db:5432 HTTP/1.1",
    };
    for (String line : lines) {
      tell(sink, line.replace("%s", SECRET));
    }
    sink.end();
  }

  private static void tell(TraceSink sink, String line) {
    HttpConversation conversation = new HttpConversation(new Told(sink));
    String headers =
        "\r\nCookie: %1$s\r\nAuthorization: Bearer %1$s\r\ntracestate: a=%1$s\r\n"
            .formatted(SECRET);
    String context = "traceparent: 00-" + TRACE + "-00f067aa0ba902b7-01\r\n";
    String request = line + headers + context + "Content-Length: 9\r\n\r\n" + SECRET;
    String response =
        "HTTP/1.1 401 %s\r\nSet-Cookie: %s\r\nContent-Length: 9\r\n\r\n%s"
            .formatted(SECRET, SECRET, SECRET);
    conversation.take(segment(Way.RECEIVED, request));
    conversation.take(segment(Way.SENT, response));
  }

  private static Segment segment(Way way, String text) {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    return new Segment(way, 0, bytes.remaining(), bytes, 0, false);
  }

  /** Whoever reads the trace. */
  private record Told(TraceSink sink) implements HttpListener {
    @Override
    public void exchange(HttpExchange exchange) {
      InetSocketAddress end = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);
      TraceEvent.Subject subject =
          new TraceEvent.Subject(
              end, end, new TraceEvent.Place("test", "", ""), new TraceEvent.Actor(1, "a"));
      sink.event(new TraceEvent.Http(Instant.EPOCH, subject, exchange));
    }

    @Override
    public void lost() {
      throw new AssertionError("nothing is missing");
    }

    @Override
    public boolean mayBeLost(long sinceNanos) {
      return false;
    }
  }
}
