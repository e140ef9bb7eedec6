package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.trace.TlsConnection.State;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException;
import dev.shunt.publish.grpc.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that a TLS trace finds, loses and cannot look into. */
class TlsProgramsIT {
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

  @Test
  void process_thatEndsWithoutAFarewell_isToldAsClosed() {
    TalkingProcess server = bed.server();
    int port = Integer.parseInt(server.next());
    CollectingSink sink = bed.read();
    TalkingProcess client = bed.client();
    client.say("127.0.0.1 %d 1.3 shop.example 100000000".formatted(port));
    TlsBed.row(sink, client.pid(), State.ESTABLISHED);
    client.close();

    assertThat(TlsBed.row(sink, client.pid(), State.CLOSED).hello().serverName())
        .isEqualTo("shop.example");
  }

  /** It ends after the look for programs that have ended, and before that for what is gone. */
  @Test
  void process_thatEndsWithItsFilter_isToldAsClosedBeforeTheEnd() {
    TalkingProcess server = bed.server();
    int port = Integer.parseInt(server.next());
    TalkingProcess client = bed.client();
    AtomicBoolean isDoomed = new AtomicBoolean();
    TraceNames.Cgroups cgroups =
        new TraceNames.Cgroups(
            id -> "",
            path -> {
              if (isDoomed.get()) {
                client.close();
                return Optional.empty();
              }
              return Optional.of(TraceBed.TREE.id(TraceBed.TREE.root()));
            });
    TraceNames names =
        new TraceNames(id -> "", name -> OptionalLong.empty(), namespace -> "", cgroups);
    CollectingSink sink = new CollectingSink();
    try (TraceHub hub =
        new TraceHub(new Libbpf(), names, consumer -> Set.of(), OpenTrace.Rates.DEFAULT)) {
      TraceQuery.Filter filter = new TraceQuery.Filter(0, client.pid(), "", "/");
      hub.trace(
          new TraceQuery(TraceModule.TLS, filter, Duration.ZERO, Duration.ofSeconds(1)), sink);
      client.say("127.0.0.1 %d 1.3 shop.example 100000000".formatted(port));
      TlsBed.row(sink, client.pid(), State.ESTABLISHED);
      isDoomed.set(true);
      Await.until("the end", sink::isEnded);
    }

    assertThat(TlsBed.count(sink, client.pid(), State.CLOSED)).isEqualTo(1);
    assertThat(sink.lastTotals().ended()).isEqualTo("cgroup / is gone");
    assertThat(sink.lastTotals().matched()).isEqualTo(sink.all(TraceEvent.Tls.class).size());
  }

  @Test
  void process_thatEndsInItsHandshake_isToldAsFailed() {
    TalkingProcess client = bed.client(); // first: what starts later is found within a second only
    CollectingSink sink = bed.read();
    try (ServerSocket silent = bed.bed.listen("127.0.0.1")) {
      client.say("127.0.0.1 %d 1.3 shop.example 1".formatted(silent.getLocalPort()));
      try (Socket accepted = silent.accept()) {
        assertThat(accepted.getInputStream().read()).as("of a hello").isPositive();
        client.close();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }

    assertThat(TlsBed.row(sink, client.pid(), State.FAILED).hello().serverName())
        .isEqualTo("shop.example");
  }

  @Test
  void reader_inThePlaceOfAnother_isNotToldWhatWasMeantForThat() {
    TalkingProcess server = bed.server();
    int port = Integer.parseInt(server.next());
    CollectingSink first = bed.read();
    CollectingSink leaving = bed.read();
    TalkingProcess client = bed.client();
    client.say("127.0.0.1 %d 1.3 shop.example 100000000".formatted(port));
    TlsBed.row(leaving, client.pid(), State.ESTABLISHED);
    leaving.leave();
    Await.until("a place", leaving::isEnded);
    CollectingSink later = bed.read();
    client.close();
    TlsBed.row(first, client.pid(), State.CLOSED);

    int told = later.all(TraceEvent.Totals.class).size();
    Await.until("the next look", () -> later.all(TraceEvent.Totals.class).size() > told);
    assertThat(later.all(TraceEvent.Tls.class))
        .noneMatch(tls -> tls.subject().actor().pid() == client.pid());
    Await.until(
        "matched to be what is told",
        () -> first.lastTotals().matched() == first.all(TraceEvent.Tls.class).size());
  }

  @Test
  void program_withAStrippedLibraryInIt_isCalledByItsName() throws IOException {
    Path source = home.resolve("mesh.c");
    Path program = home.resolve("mesh");
    Files.writeString(
        source,
        """
        #include <stdio.h>
        const char *state = "TLS client start_connect";
        int main(void) { puts("ready"); fflush(stdout); getchar(); return !state; }
        """);
    TestObjects.run(List.of("gcc", "-s", "-o", program.toString(), source.toString()));
    TalkingProcess mesh = bed.start(program.toString());
    mesh.expect("ready");

    CollectingSink sink = bed.read();
    assertThat(
            sink.await(
                    TraceEvent.Notice.class, notice -> notice.text().contains(program.toString()))
                .text())
        .startsWith(
            "attach SSL_do_handshake of process %d (%s) failed: no such file or entry (ENOENT/2); "
                .formatted(mesh.pid(), program))
        .endsWith("(a program with the library linked in must not be stripped)");
    assertThatThrownBy(() -> bed.read(mesh.pid()))
        .isInstanceOf(TraceRefusedException.class)
        .hasMessageContaining("its TLS is not seen");
  }

  @Test
  void process_withoutTls_isRefused() {
    TalkingProcess other = bed.start("cat");

    assertThatThrownBy(() -> bed.read(other.pid()))
        .isInstanceOf(TraceRefusedException.class)
        .hasMessage(
            "find OpenSSL or BoringSSL in process %d failed: it has none mapped"
                .formatted(other.pid()));
  }

  @Test
  void pid_ofOneClient_leavesOthersOut() {
    TalkingProcess server = bed.server();
    int port = Integer.parseInt(server.next());
    TalkingProcess wanted = bed.client();
    TalkingProcess other = bed.client();
    CollectingSink sink = bed.read(wanted.pid());
    for (TalkingProcess client : List.of(other, wanted)) {
      client.say("127.0.0.1 %d 1.3 shop.example 10".formatted(port));
      assertThat(client.next()).matches("\\d+");
    }

    TlsBed.row(sink, wanted.pid(), State.CLOSED);
    sink.await(TraceEvent.Totals.class, totals -> totals.matched() > 1);
    assertThat(sink.all(TraceEvent.Tls.class))
        .allMatch(tls -> tls.subject().actor().pid() == wanted.pid());
    assertThat(sink.lastTotals().matched()).isEqualTo(2);
  }
}
