package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.http.HttpExchange;
import dev.shunt.observe.http.HttpExchange.Protocol;
import dev.shunt.observe.http.HttpExchange.Side;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.publish.grpc.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
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

/** Requests to a real nginx, against its access log. */
class HttpTraceIT {
  private static final OpenTrace.Rates UNLIMITED =
      new OpenTrace.Rates(Integer.MAX_VALUE, Integer.MAX_VALUE);
  private static final String BASE = "http://127.0.0.1:" + NginxTruth.PORT;
  private static final String BASE2 = "http://127.0.0.1:" + NginxTruth.PORT_HTTP2;
  private static final int REQUESTS = 100_000;
  private static final String NAMED_THREAD =
      "src/test/resources/dev/shunt/agent/trace/named_thread_server.py";
  private static final String SECRET = "tops3cret";

  private final TraceBed bed = new TraceBed(UNLIMITED);
  private NginxTruth nginx;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    nginx = NginxTruth.start(bed.netns, directory);
  }

  @AfterEach
  void close() {
    nginx.close();
    bed.close();
  }

  private CollectingSink read(TraceQuery.Paths paths) {
    CollectingSink sink = new CollectingSink();
    TraceQuery.Filter filter = new TraceQuery.Filter(0, 0, "test", "");
    bed.hub.trace(
        new TraceQuery(TraceModule.HTTP, filter, Duration.ZERO, Duration.ofSeconds(1), paths),
        sink);
    return sink;
  }

  private void curl(String... arguments) {
    List<String> argv = new ArrayList<>(List.of("curl", "-s", "-o", "/dev/null"));
    argv.addAll(List.of(arguments));
    bed.netns.call(() -> TestObjects.run(argv));
  }

  /** Everything that one client sends at once, until the server closes. */
  private void send(String text) throws IOException {
    try (Socket socket =
        bed.netns.call(
            () -> {
              Socket fresh = new Socket();
              fresh.connect(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), NginxTruth.PORT));
              return fresh;
            })) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readAllBytes();
    }
  }

  @Test
  void requests_ofEveryKind_areTheAccessLog() throws IOException {
    CollectingSink sink = read(TraceQuery.Paths.RAW);
    String[] kept = {
      BASE + "/one?q=" + SECRET, "-o", "/dev/null", BASE + "/missing", "-o", "/dev/null",
      BASE + "/file/big", "-o", "/dev/null", BASE + "/sent/big", "-o", "/dev/null",
      BASE + "/moved"
    };
    curl(kept);
    curl("-I", BASE + "/sent/big");
    curl("--http1.0", BASE + "/old");
    curl("-d", "x=" + SECRET.repeat(2000), BASE + "/empty");
    curl("-H", "Transfer-Encoding: chunked", "-d", SECRET, BASE + "/post");
    // a request of its own goes to /file/big
    curl("-H", "Accept-Encoding: gzip", BASE + "/chunked");
    send(
        ("GET /pipe HTTP/1.1\r\nHost: a\r\nCookie: " + SECRET + "\r\n\r\n").repeat(20)
            + "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

    HttpRows.assertTruth(sink, nginx, 5 + 1 + 1 + 1 + 1 + 2 + 21);
    assertThat(sink.all(TraceEvent.class).toString()).doesNotContain(SECRET);
  }

  /** nginx reads a kilobyte first, and then more; curl sends a head at once. */
  @ParameterizedTest
  @ValueSource(ints = {900, 2_000, 4_200, 6_000, 9_000, 15_000, 40_000})
  void requests_withLongHeads_areTheAccessLog(int bytes) throws IOException {
    CollectingSink sink = read(TraceQuery.Paths.RAW);
    String cookie = "Cookie: " + SECRET + "x".repeat(bytes);
    curl("-H", cookie, BASE + "/long", "-o", "/dev/null", BASE + "/again");
    curl("-H", cookie, "-d", "Y=" + SECRET.repeat(500), BASE + "/post");
    send(
        "GET /pipe HTTP/1.1\r\nHost: a\r\n%s\r\n\r\n".formatted(cookie)
            + "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

    HttpRows.assertTruth(sink, nginx, 5);
    assertThat(sink.all(TraceEvent.class).toString()).doesNotContain(SECRET);
  }

  @Test
  void requests_pipelinedWithLongHeads_areTheAccessLog() throws IOException {
    CollectingSink sink = read(TraceQuery.Paths.RAW);
    send(
        ("GET /pipe HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(3_000) + "\r\n\r\n").repeat(5)
            + "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

    HttpRows.assertTruth(sink, nginx, 6);
  }

  @Test
  void requests_ofHttp2_areTheAccessLog() {
    CollectingSink sink = read(TraceQuery.Paths.RAW);
    bed.netns.call(
        () ->
            TestObjects.run(
                List.of(
                    "h2load",
                    "-n",
                    "500",
                    "-c",
                    "5",
                    "-m",
                    "10",
                    "-H",
                    "authorization: " + SECRET,
                    BASE2 + "/two?q=" + SECRET,
                    BASE2 + "/sent/some",
                    BASE2 + "/file/some")));

    HttpRows.assertTruth(sink, nginx, 500);
    assertThat(HttpRows.of(sink, Side.SERVER))
        .allMatch(row -> row.exchange().protocol() == Protocol.HTTP_2);
    assertThat(sink.all(TraceEvent.class).toString()).doesNotContain(SECRET);
  }

  @Test
  void row_ofARequest_tellsWhoAndHowLong() {
    CollectingSink sink = read(TraceQuery.Paths.TEMPLATE);
    CollectingSink other =
        bed.read(TraceModule.HTTP, new TraceQuery.Filter(1, 0, "test", ""), Duration.ZERO);
    CollectingSink clients =
        bed.read(
            TraceModule.HTTP,
            new TraceQuery.Filter(0, (int) ProcessHandle.current().pid(), "", ""),
            Duration.ZERO);
    curl(BASE + "/users/4711?name=" + SECRET);
    Await.until("both ends", () -> sink.all(TraceEvent.Http.class).size() == 2);
    TraceEvent.Http server = HttpRows.of(sink, Side.SERVER).get(0);
    TraceEvent.Http client = HttpRows.of(sink, Side.CLIENT).get(0);

    assertThat(server.exchange().request().path()).isEqualTo("/users/{id}");
    assertThat(server.subject().actor().command()).isEqualTo("nginx");
    assertThat(client.subject().actor().command()).isEqualTo("curl");
    assertThat(server.subject().local().getPort()).isEqualTo(NginxTruth.PORT);
    assertThat(server.subject().local()).isEqualTo(client.subject().remote());
    assertThat(server.subject().place().namespace()).isEqualTo("test");
    assertThat(server.exchange().size()).isEqualTo(client.exchange().size());
    HttpExchange.Timing inner = server.exchange().timing();
    HttpExchange.Timing outer = client.exchange().timing();
    assertThat(outer.lastNanos()).isGreaterThan(inner.beginNanos());
    assertThat(server.exchange().redirected()).isFalse();
    assertThat(other.all(TraceEvent.Http.class)).isEmpty();
    assertThat(clients.all(TraceEvent.Http.class)).isEmpty();
    assertThat(sink.await(TraceEvent.Totals.class, totals -> totals.matched() == 2)).isNotNull();
  }

  /** Many servers name their threads, and one pod would look like many programs. */
  @Test
  void row_ofAThreadWithAName_hasThatOfItsProcess() {
    try (TalkingProcess python =
        bed.netns.call(() -> new TalkingProcess(List.of("python3", NAMED_THREAD)))) {
      String[] portAndCommand = python.next().split(" ", 2);
      CollectingSink sink = read(TraceQuery.Paths.RAW);
      curl("http://127.0.0.1:" + portAndCommand[0] + "/named");
      Await.until("both ends", () -> sink.all(TraceEvent.Http.class).size() == 2);

      assertThat(HttpRows.of(sink, Side.SERVER).get(0).subject().actor())
          .isEqualTo(new TraceEvent.Actor(python.pid(), portAndCommand[1]));
    }
  }

  /** Slow enough for a node on a busy machine; what is lost all the same fails the test. */
  @Test
  void requests_hundredThousand_areToldOnceEach() {
    CountingRows rows = new CountingRows();
    TraceQuery.Filter server = new TraceQuery.Filter(0, (int) nginx.worker(), "", "");
    bed.hub.trace(
        new TraceQuery(TraceModule.HTTP, server, Duration.ZERO, Duration.ofSeconds(1)), rows);
    bed.netns.call(
        () ->
            TestObjects.run(
                List.of(
                    "h2load",
                    "--h1",
                    "-n",
                    "100000",
                    "-c",
                    "10",
                    "--rps",
                    "650",
                    BASE + "/one",
                    BASE + "/missing",
                    BASE + "/empty",
                    BASE + "/file/some")));
    Await.until("the log", () -> nginx.lines() == REQUESTS);
    Await.until("rows", () -> rows.rows() >= REQUESTS || HttpRows.missing(rows.totals()) > 0);

    TraceEvent.Totals totals = rows.totals();
    assertThat(HttpRows.missing(totals))
        .as("the node did not keep up with 6,500/s: %s", totals)
        .isZero();
    assertThat(rows.rows()).isEqualTo(REQUESTS);
    assertThat(rows.doubled()).isZero();
    assertThat(rows.counts()).isEqualTo(nginx.counts());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1", "2.0"})
  void requests_overTheRate_areShedAndCounted(String protocol) {
    List<String> load =
        protocol.equals("1.1")
            ? List.of("h2load", "-n", "1000", "-c", "2", "--h1", BASE + "/shed")
            : List.of("h2load", "-n", "1000", "-c", "2", BASE2 + "/shed");
    try (TraceBed limited = new TraceBed(new OpenTrace.Rates(10, 20))) {
      CollectingSink sink = new CollectingSink();
      TraceQuery.Filter filter = new TraceQuery.Filter(0, (int) nginx.worker(), "", "");
      limited.hub.trace(
          new TraceQuery(TraceModule.HTTP, filter, Duration.ZERO, Duration.ofSeconds(1)), sink);
      bed.netns.call(() -> TestObjects.run(load));
      Await.until("the log", () -> nginx.log().size() == 1000);
      TraceEvent.Totals totals =
          sink.await(
              TraceEvent.Totals.class,
              told -> told.shed() + sink.all(TraceEvent.Http.class).size() >= 1000);

      List<String> lines = HttpRows.lines(sink, Side.SERVER);
      assertThat(lines).isNotEmpty().containsOnly("GET /shed 200 HTTP/" + protocol);
      assertThat(totals.shed() + lines.size()).isEqualTo(1000);
    }
  }
}
