package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.shunt.observe.trace.TlsConnection;
import dev.shunt.observe.trace.TlsConnection.Side;
import dev.shunt.observe.trace.TlsConnection.State;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.publish.grpc.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS of real programs, whose versions, names, bytes and times are known. */
class TlsTraceIT {
  private static final String PROXY = "src/test/resources/dev/shunt/agent/trace/https_proxy.py";
  private static final Duration DELAY = Duration.ofMillis(30);

  /** So many that an encrypted message begins like a hello, one in 256 of TLS 1.2. */
  private static final int REQUESTS = 1000;

  /** What a client of tls_peer.py asks with, and what it is answered. */
  private static final int ASKED_BYTES = 16;

  private static final int ANSWERED_BYTES = 2;

  @TempDir private Path home;

  private TlsBed bed;

  @BeforeEach
  void open() {
    bed = new TlsBed(home);
  }

  @AfterEach
  void close() {
    bed.close();
  }

  @ParameterizedTest
  @CsvSource({"1.2, 2", "1.3, 1"})
  void python_farServer_hasItsTimeVersionNameAndBytes(String version, int roundTrips) {
    bed.bed.delay(DELAY);
    TalkingProcess server = bed.server();
    int port = Integer.parseInt(server.next());
    TalkingProcess client = bed.client();
    CollectingSink sink = bed.read();
    client.say("%s %d %s shop.example 50000".formatted(DelayedPath.IPV4, port, version));
    Duration took = Duration.ofNanos(Long.parseLong(client.next()));

    TlsConnection begun = TlsBed.row(sink, client.pid(), State.ESTABLISHED);
    assertThat(begun.side()).isEqualTo(Side.CLIENT);
    assertThat(begun.hello()).isEqualTo(new TlsConnection.Hello("TLSv" + version, "shop.example"));
    assertThat(begun.handshake().orElseThrow())
        .isBetween(DELAY.multipliedBy(2L * roundTrips), took);
    TlsConnection accepted = TlsBed.row(sink, server.pid(), State.ESTABLISHED);
    assertThat(accepted.side()).isEqualTo(Side.SERVER);
    assertThat(accepted.hello()).isEqualTo(begun.hello());
    TlsConnection ended = TlsBed.row(sink, client.pid(), State.CLOSED);
    assertThat(ended.traffic().bytesWritten()).isEqualTo(50_000 + ASKED_BYTES);
    assertThat(ended.traffic().bytesRead()).isEqualTo(50_000 + ANSWERED_BYTES);
    TlsConnection let = TlsBed.row(sink, server.pid(), State.CLOSED);
    assertThat(let.traffic().bytesWritten()).isEqualTo(ended.traffic().bytesRead());
    assertThat(let.traffic().bytesRead()).isEqualTo(ended.traffic().bytesWritten());
    TraceEvent.Subject subject =
        sink.await(TraceEvent.Tls.class, tls -> tls.connection().side() == Side.CLIENT).subject();
    assertThat(subject.remote().getPort()).isEqualTo(port);
    assertThat(subject.place().namespace()).isEqualTo("test");
  }

  @Test
  void client_thatDoesNotTrust_failsWithItsAlert() {
    TalkingProcess server = bed.server();
    int port = Integer.parseInt(server.next());
    TalkingProcess client = bed.client();
    CollectingSink sink = bed.read();
    client.say("verify 127.0.0.1 %d 1.2 other.example 1".formatted(port));
    client.expect("CERTIFICATE_VERIFY_FAILED");

    TlsConnection failed = TlsBed.row(sink, client.pid(), State.FAILED);
    assertThat(failed.alertName()).isEqualTo("unknown_ca");
    assertThat(failed.hello().serverName()).isEqualTo("other.example");
    assertThat(failed.handshake()).isEmpty();
    assertThat(TlsBed.row(sink, server.pid(), State.FAILED).alertName()).isEqualTo("unknown_ca");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "3"})
  void openssl_handshakeWithinAReadOrWrite_isToldToo(String version) {
    TalkingProcess server =
        bed.start(
            "openssl",
            "s_server",
            "-accept",
            "14433",
            "-cert",
            bed.certificate().toString(),
            "-key",
            bed.key().toString(),
            "-quiet");
    CollectingSink sink = bed.read();
    Await.until(
        "a connection of s_client",
        () -> {
          bed.run(
              "echo Q | openssl s_client -connect 127.0.0.1:14433 -servername shop.example"
                  + (" -tls1_" + version));
          return TlsBed.count(sink, server.pid(), State.ESTABLISHED) > 0;
        });

    for (Side side : List.of(Side.CLIENT, Side.SERVER)) {
      TlsConnection seen =
          sink.await(
                  TraceEvent.Tls.class,
                  tls ->
                      tls.subject().actor().command().equals("openssl")
                          && tls.connection().side() == side)
              .connection();
      assertThat(seen.hello())
          .isEqualTo(new TlsConnection.Hello("TLSv1." + version, "shop.example"));
    }
  }

  private TalkingProcess nginx() throws IOException {
    Path config = home.resolve("nginx.conf");
    Files.writeString(
        config,
        String.join(
            "\n",
            "daemon off; master_process off; pid nginx.pid; error_log stderr;",
            "events { }",
            "http {",
            "  access_log access.log;",
            "  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;",
            "  uwsgi_temp_path uwsgi; scgi_temp_path scgi;",
            "  server {",
            "    listen 127.0.0.1:14443 ssl;",
            "    ssl_certificate %s; ssl_certificate_key %s;"
                .formatted(bed.certificate(), bed.key()),
            "    keepalive_timeout 0;",
            "    return 200 ok;",
            "  }",
            "}",
            ""));
    return bed.start("nginx", "-p", home.toString(), "-c", config.toString(), "-e", "stderr");
  }

  /** A call of the library, for the server, makes another one, for the proxy. */
  @Test
  void curl_throughAProxyOfTls_hasTwoConnections() throws IOException {
    nginx();
    TalkingProcess proxy =
        bed.start("python3", PROXY, bed.certificate().toString(), bed.key().toString());
    int port = Integer.parseInt(proxy.next());
    bed.run("curl -skf --retry 20 --retry-connrefused --retry-delay 1 https://127.0.0.1:14443/");
    CollectingSink sink = bed.read();
    bed.run(
        "curl -skf --proxy-insecure -x https://127.0.0.1:%d https://127.0.0.1:14443/"
            .formatted(port));
    Await.until("both ends", () -> ofCurl(sink, State.CLOSED).size() == 2);

    assertThat(ofCurl(sink, State.ESTABLISHED))
        .hasSize(2)
        .allMatch(connection -> connection.handshake().isPresent());
    assertThat(ofCurl(sink, State.CLOSED))
        .allMatch(connection -> connection.traffic().bytesRead() > 0)
        .allMatch(connection -> connection.traffic().bytesWritten() > 0);
  }

  private static List<TlsConnection> ofCurl(CollectingSink sink, State state) {
    return sink.all(TraceEvent.Tls.class).stream()
        .filter(tls -> tls.subject().actor().command().equals("curl"))
        .map(TraceEvent.Tls::connection)
        .filter(connection -> connection.state() == state)
        .toList();
  }

  @Test
  void nginx_requestsOfCurl_areAllSeenAtBothEnds() throws IOException {
    TalkingProcess server = nginx();
    bed.run("curl -skf --retry 20 --retry-connrefused --retry-delay 1 https://127.0.0.1:14443/");
    int before = Files.readAllLines(home.resolve("access.log")).size();
    CollectingSink sink = bed.read();
    bed.run(
        "curl -skf --rate 200/s --tls-max 1.2 'https://localhost:14443/?[1-%d]'"
            .formatted(REQUESTS)); // four rows each, of at most a thousand a second

    int logged = Files.readAllLines(home.resolve("access.log")).size() - before;
    assertThat(logged).isEqualTo(REQUESTS);
    Await.until("every end", () -> TlsBed.count(sink, server.pid(), State.CLOSED) >= REQUESTS);
    assertThat(TlsBed.count(sink, server.pid(), State.ESTABLISHED)).isEqualTo(REQUESTS);
    assertThat(TlsBed.count(sink, server.pid(), State.CLOSED)).isEqualTo(REQUESTS);
    assertThat(sink.all(TraceEvent.Tls.class))
        .filteredOn(tls -> tls.subject().actor().command().equals("curl"))
        .filteredOn(tls -> tls.connection().state() == State.ESTABLISHED)
        .hasSize(REQUESTS)
        .extracting(tls -> tls.connection().side(), tls -> tls.connection().hello())
        .containsOnly(tuple(Side.CLIENT, new TlsConnection.Hello("TLSv1.2", "localhost")));
    assertThat(sink.all(TraceEvent.Tls.class))
        .filteredOn(tls -> tls.subject().actor().pid() == server.pid())
        .filteredOn(tls -> tls.connection().state() == State.ESTABLISHED)
        .extracting(tls -> tls.connection().side())
        .containsOnly(Side.SERVER);
    assertThat(sink.lastTotals().lost()).isZero();
  }
}
