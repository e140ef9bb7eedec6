package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.observe.http.HttpExchange;
import dev.shunt.observe.http.HttpExchange.Side;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException;
import dev.shunt.publish.grpc.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP inside of TLS of a program that has the library in it, and moves the bytes itself. */
class LinkedTlsIT {
  private static final String SOURCE = "src/test/resources/dev/shunt/agent/trace/tls_library.c";

  private TlsBed bed;
  private TalkingProcess program;
  private CollectingSink sink;

  @BeforeEach
  void start(@TempDir Path home) {
    bed = new TlsBed(home);
    Path file = home.resolve("linked");
    TestObjects.run(List.of("gcc", "-O1", "-Wall", "-Werror", "-o", file.toString(), SOURCE));
    program = bed.start(file.toString());
    program.expect("ready");
    sink = read(program.pid());
  }

  @AfterEach
  void close() {
    bed.close();
  }

  private CollectingSink read(int pid) {
    CollectingSink fresh = new CollectingSink();
    bed.bed.hub.trace(
        new TraceQuery(
            TraceModule.HTTP_TLS,
            new TraceQuery.Filter(0, pid, "", ""),
            Duration.ZERO,
            Duration.ofSeconds(1),
            TraceQuery.Paths.RAW),
        fresh);
    return fresh;
  }

  private void tell(String... lines) {
    for (String line : lines) {
      program.say(line);
      program.expect("done");
    }
  }

  private TraceEvent.Http row(String path) {
    Predicate<TraceEvent.Http> isMeant = row -> row.exchange().request().path().equals(path);
    return sink.await(TraceEvent.Http.class, isMeant);
  }

  @Test
  void requests_withAFileSent_haveTheirStatusAndBytes() {
    String head = "HTTP/1.1 200 OK|Content-Length: 100000||";
    tell("read GET /first?q=1 HTTP/1.1|Host: a||", "write " + head, "file 100000");
    tell("read GET /second HTTP/1.1|Host: a||", "write HTTP/1.1 204 No Content||");

    TraceEvent.Http first = row("/first");
    assertThat(first.layer()).isEqualTo(TraceEvent.Http.Layer.TLS);
    assertThat(first.exchange().side()).isEqualTo(Side.SERVER);
    assertThat(first.exchange().answer().status()).isEqualTo(200);
    assertThat(first.exchange().size().response())
        .isEqualTo(head.replace("|", "\r\n").length() + 100_000);
    assertThat(row("/second").exchange().answer().status()).isEqualTo(204);
    assertThat(HttpRows.missing(sink.lastTotals())).isZero();
  }

  @Test
  void row_withoutASocket_hasItsProcessAndNoAddresses() {
    tell("write GET /asked HTTP/1.1|Host: a||", "read HTTP/1.1 200 OK|Content-Length: 0||");

    TraceEvent.Http row = row("/asked");
    assertThat(row.exchange().side()).isEqualTo(Side.CLIENT);
    assertThat(row.subject().remote().getPort()).isZero();
    assertThat(row.subject().actor().pid()).isEqualTo(program.pid());
    assertThat(row.subject().actor().command()).isEqualTo("linked");
    assertThat(row.subject().place().namespace()).isEqualTo("test");
  }

  @Test
  void request_openWhenTheConnectionIsFreed_isToldWithoutStatus() {
    tell("read GET /open HTTP/1.1|Host: a||", "free");

    assertThat(row("/open").exchange().answer()).isEqualTo(HttpExchange.Answer.NONE);
  }

  /** As a server does that keeps its SSL for the next client. */
  @Test
  void requests_ofAnSslUsedAgain_areOfTwoConnections() {
    tell("read GET /open HTTP/1.1|Host: a||", "write HTTP/1.1 200 OK|Content-Length: 9||");
    tell("clear", "read GET /again HTTP/1.1|Host: a||", "write HTTP/1.1 204 No Content||");

    assertThat(row("/open").exchange().answer().status()).isEqualTo(200);
    assertThat(row("/again").exchange().answer().status()).isEqualTo(204);
  }

  @Test
  void request_openWhenItsProcessEnds_isToldWithoutStatus() {
    CollectingSink everybody = read(0);
    tell("read GET /open HTTP/1.1|Host: a||");
    program.close();

    assertThat(
            everybody
                .await(
                    TraceEvent.Http.class, row -> row.exchange().request().path().equals("/open"))
                .exchange()
                .answer())
        .isEqualTo(HttpExchange.Answer.NONE);
  }

  @Test
  void process_withoutTls_isRefused() {
    TalkingProcess other = bed.start("cat");

    assertThatThrownBy(() -> read(other.pid()))
        .isInstanceOf(TraceRefusedException.class)
        .hasMessage(
            "find OpenSSL or BoringSSL in process %d failed: it has none mapped"
                .formatted(other.pid()));
  }

  @Test
  void reader_thatLeaves_leavesNothingBehind() {
    assertThat(TraceBed.attached()).isNotEmpty();
    sink.leave();

    Await.until("the module to leave", sink::isEnded);
    Await.until("its programs", () -> TraceBed.attached().isEmpty());
  }
}
