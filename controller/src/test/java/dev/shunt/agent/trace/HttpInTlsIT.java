package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.http.HttpExchange.Protocol;
import dev.shunt.observe.http.HttpExchange.Side;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.publish.grpc.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests to a real nginx inside of TLS, against its access log. */
class HttpInTlsIT {
  private static final OpenTrace.Rates UNLIMITED =
      new OpenTrace.Rates(Integer.MAX_VALUE, Integer.MAX_VALUE);
  private static final String BASE = "https://127.0.0.1:" + NginxTruth.PORT_TLS;
  private static final String PEER = "src/test/resources/dev/shunt/agent/trace/https_peer.py";
  private static final String PROXY = "src/test/resources/dev/shunt/agent/trace/https_proxy.py";
  private static final String SECRET = "tops3cret";
  private static final int REQUESTS = 10_000;

  private final TraceBed bed = new TraceBed(UNLIMITED);
  private TlsFiles files;
  private NginxTruth nginx;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    files = TlsFiles.in(directory);
    nginx = NginxTruth.startTls(bed.netns, directory, files);
  }

  @AfterEach
  void close() {
    nginx.close();
    bed.close();
  }

  private CollectingSink read(TraceModule module) {
    return read(bed, module, new TraceQuery.Filter(0, 0, "test", ""));
  }

  private static CollectingSink read(TraceBed bed, TraceModule module, TraceQuery.Filter filter) {
    CollectingSink sink = new CollectingSink();
    bed.hub.trace(
        new TraceQuery(module, filter, Duration.ZERO, Duration.ofSeconds(1), TraceQuery.Paths.RAW),
        sink);
    return sink;
  }

  private void run(String... command) {
    bed.netns.call(() -> TestObjects.run(List.of(command)));
  }

  private void curl(String... arguments) {
    run(curl(List.of(), arguments));
  }

  /**
   * Over HTTP/2 nginx answers before it has read the body, and may reset the stream then (RFC 9113,
   * section 8.1), which curl calls an error.
   */
  private void post(String... arguments) {
    run(curl(List.of("sh", "-c", "\"$@\" || [ $? = 92 ]", "sh"), arguments));
  }

  private static String[] curl(List<String> before, String... arguments) {
    List<String> argv = new ArrayList<>(before);
    argv.addAll(List.of("curl", "-skf", "-o", "/dev/null"));
    argv.addAll(List.of("-H", "Authorization: Bearer " + SECRET, "-b", "session=" + SECRET));
    argv.addAll(List.of(arguments));
    return argv.toArray(String[]::new);
  }

  private static void assertInTls(CollectingSink sink) {
    assertThat(sink.all(TraceEvent.Http.class))
        .isNotEmpty()
        .allMatch(row -> row.layer() == TraceEvent.Http.Layer.TLS)
        .allMatch(
            row ->
                row.subject().local().getPort() == NginxTruth.PORT_TLS
                    || row.subject().remote().getPort() == NginxTruth.PORT_TLS)
        .allMatch(row -> row.subject().place().namespace().equals("test"));
    assertThat(sink.all(TraceEvent.class).toString()).doesNotContain(SECRET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--http1.1", "--http2"})
  void requests_ofCurl_areTheAccessLog(String protocol) {
    CollectingSink sink = read(TraceModule.HTTP_TLS);
    CollectingSink clear = read(TraceModule.HTTP);
    String[] kept = {
      protocol,
      BASE + "/one?q=" + SECRET,
      "-o",
      "/dev/null",
      BASE + "/empty",
      "-o",
      "/dev/null",
      BASE + "/file/big",
      "-o",
      "/dev/null",
      BASE + "/sent/big",
      "-o",
      "/dev/null",
      BASE + "/moved"
    };
    curl(kept);
    curl(protocol, "-I", BASE + "/sent/big");
    post(protocol, "-d", "x=" + SECRET.repeat(200), BASE + "/empty");
    curl(protocol, "-H", "Content-Type: application/grpc", BASE + "/pkg.Shop/Buy");

    HttpRows.assertTruth(sink, nginx, 5 + 1 + 1 + 1);
    assertInTls(sink);
    assertThat(clear.all(TraceEvent.Http.class)).isEmpty();
    TraceEvent.Http asked = HttpRows.of(sink, Side.CLIENT).get(0);
    assertThat(asked.subject().actor().command()).isEqualTo("curl");
    if (protocol.equals("--http2")) {
      assertThat(HttpRows.of(sink, Side.SERVER))
          .filteredOn(row -> row.exchange().protocol() == Protocol.GRPC)
          .singleElement()
          .matches(row -> row.exchange().answer().grpcStatus().orElse(-1) == 7);
    }
  }

  @Test
  void requests_ofPythonPipelined_areTheAccessLog() {
    try (TalkingProcess python =
        bed.netns.call(() -> new TalkingProcess(List.of("python3", PEER)))) {
      python.expect("ready");
      CollectingSink sink = read(TraceModule.HTTP_TLS);
      String request =
          "GET /pipe?q=%s HTTP/1.1\\r\\nHost: a\\r\\nCookie: %s\\r\\n\\r\\n"
              .formatted(SECRET, SECRET);
      String last = "GET /last HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n";
      python.say("%d '%s%s'".formatted(NginxTruth.PORT_TLS, request.repeat(20), last));
      python.expect("21");

      HttpRows.assertTruth(sink, nginx, 21);
      assertInTls(sink);
    }
  }

  /** A call of the library, for the server, makes another one, for the proxy. */
  @ParameterizedTest
  @ValueSource(strings = {"--http1.1", "--http2"})
  void requests_throughAProxyOfTls_areTheAccessLog(String protocol) {
    try (TalkingProcess proxy =
        bed.netns.call(
            () ->
                new TalkingProcess(
                    List.of(
                        "python3",
                        PROXY,
                        files.certificate().toString(),
                        files.key().toString())))) {
      int port = Integer.parseInt(proxy.next());
      CollectingSink sink = read(TraceModule.HTTP_TLS);
      curl(
          protocol,
          "--proxy-insecure",
          "-x",
          "https://127.0.0.1:" + port,
          BASE + "/one",
          "-o",
          "/dev/null",
          BASE + "/file/big");
      Await.until("rows", () -> HttpRows.lines(sink, Side.CLIENT).size() >= 3);

      assertThat(HttpRows.lines(sink, Side.CLIENT))
          .filteredOn(line -> !line.startsWith("CONNECT"))
          .containsExactlyInAnyOrderElementsOf(nginx.log());
      assertThat(HttpRows.of(sink, Side.CLIENT))
          .hasSize(3)
          .allMatch(row -> row.subject().remote().getPort() == port);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void request_ofOpenssl_isTheAccessLog(String version) {
    CollectingSink sink = read(TraceModule.HTTP_TLS);
    run(
        "sh",
        "-c",
        "printf 'GET /asked HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n'"
            + " | openssl s_client -quiet "
            + version
            + " -connect 127.0.0.1:"
            + NginxTruth.PORT_TLS);

    HttpRows.assertTruth(sink, nginx, 1);
    assertInTls(sink);
    assertThat(HttpRows.of(sink, Side.CLIENT).get(0).subject().actor().command())
        .isEqualTo("openssl");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--h1", "-m10"})
  void requests_many_areToldOnceEach(String protocol) {
    CountingRows rows = new CountingRows();
    TraceQuery.Filter server = new TraceQuery.Filter(0, (int) nginx.worker(), "", "");
    bed.hub.trace(
        new TraceQuery(TraceModule.HTTP_TLS, server, Duration.ZERO, Duration.ofSeconds(1)), rows);
    run(
        "h2load",
        protocol,
        "-n",
        Integer.toString(REQUESTS),
        "-c",
        "10",
        "--rps",
        "300",
        BASE + "/one",
        BASE + "/missing",
        BASE + "/file/some");
    Await.until("the log", () -> nginx.lines() == REQUESTS);
    Await.until("rows", () -> rows.rows() >= REQUESTS || HttpRows.missing(rows.totals()) > 0);

    TraceEvent.Totals totals = rows.totals();
    assertThat(HttpRows.missing(totals)).as("of %s", totals).isZero();
    assertThat(rows.rows()).isEqualTo(REQUESTS);
    assertThat(rows.counts()).isEqualTo(nginx.counts());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--h1", "-m10"})
  void requests_overTheRate_areShedAndCounted(String protocol) {
    try (TraceBed limited = new TraceBed(new OpenTrace.Rates(10, 20))) {
      TraceQuery.Filter filter = new TraceQuery.Filter(0, (int) nginx.worker(), "", "");
      CollectingSink sink = read(limited, TraceModule.HTTP_TLS, filter);
      run("h2load", protocol, "-n", "1000", "-c", "2", BASE + "/shed");
      Await.until("the log", () -> nginx.log().size() == 1000);
      TraceEvent.Totals totals =
          sink.await(
              TraceEvent.Totals.class,
              told -> told.shed() + sink.all(TraceEvent.Http.class).size() >= 1000);

      int told = sink.all(TraceEvent.Http.class).size();
      assertThat(told).isPositive();
      assertThat(totals.shed() + told).isEqualTo(1000);
    }
  }
}
