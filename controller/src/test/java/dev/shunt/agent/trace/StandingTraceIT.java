package dev.shunt.agent.trace;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.datapath.libbpf.TestNetns;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.publish.grpc.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Traces that see what was chosen, and only that, while the choice changes. */
class StandingTraceIT {
  private static final OpenTrace.Rates UNLIMITED =
      new OpenTrace.Rates(Integer.MAX_VALUE, Integer.MAX_VALUE);
  private static final int CLOSED_PORT = 4998;
  private static final int OTHER_CLOSED_PORT = 4997;
  private static final int ALL = 100;

  private static final String REQUEST = "GET /share HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String ANSWER = "HTTP/1.1 204 No Content\r\n\r\n";
  private static final int CONNECTIONS = 2000;
  private static final int SHARE = 25;

  private final TraceBed bed = new TraceBed(UNLIMITED);
  private final TestNetns other = new TestNetns();
  private final long otherCookie = other.call(Linux::netnsCookie);
  private final CollectingSink sink = new CollectingSink();

  @AfterEach
  void close() {
    bed.close();
    other.close();
  }

  private void connectHere() {
    bed.tryConnect("127.0.0.1", CLOSED_PORT, TraceBed.LIMIT);
  }

  /** Fails as well, in the other namespace. */
  private void connectThere() {
    other.call(
        () -> {
          try (Socket socket = new Socket()) {
            socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), OTHER_CLOSED_PORT));
            throw new AssertionError("connected");
          } catch (IOException refused) {
            return refused;
          }
        });
  }

  private List<Integer> ports() {
    return sink.all(TraceEvent.Connect.class).stream()
        .map(event -> event.subject().remote().getPort())
        .toList();
  }

  /** Records come in order: what came before the last one has been told. */
  private void awaitConnects(int count) {
    Await.until(count + " connects", () -> ports().size() >= count);
  }

  @Test
  void see_choiceChanges_isSeenAtOnceAndNothingElseWithoutAttachingAgain() {
    Set<Integer> before = TraceBed.attached();
    StandingSource.Choice choice = bed.hub.stand(TraceModule.CONNECT, sink);
    Set<Integer> attached = new HashSet<>(TraceBed.attached());
    attached.removeAll(before);
    assertThat(attached).hasSize(1);

    connectHere();
    connectThere();
    choice.see(Map.of(bed.cookie(), ALL));
    connectThere();
    connectHere();
    awaitConnects(1);
    choice.see(Map.of(otherCookie, ALL));
    connectHere();
    connectThere();
    awaitConnects(2);
    choice.see(Map.of(bed.cookie(), ALL, otherCookie, ALL));
    connectHere();
    connectThere();
    awaitConnects(4);

    assertThat(ports())
        .containsExactly(CLOSED_PORT, OTHER_CLOSED_PORT, CLOSED_PORT, OTHER_CLOSED_PORT);
    Set<Integer> still = new HashSet<>(TraceBed.attached());
    still.removeAll(before);
    assertThat(still).as("the same program").isEqualTo(attached);

    sink.leave();
    Await.until("the module to leave", () -> before.containsAll(TraceBed.attached()));
    assertThatIllegalStateException().isThrownBy(() -> choice.see(Map.of(1L, ALL)));
  }

  /** The place of who left is taken by one that chooses nothing: it must not see for the first. */
  @Test
  void see_placeOfOneThatLeft_beginsWithNothing() {
    CollectingSink kept = bed.read(TraceModule.CONNECT);
    CollectingSink first = new CollectingSink();
    bed.hub.stand(TraceModule.CONNECT, first).see(Map.of(bed.cookie(), ALL));
    first.leave();
    Await.until("the first to end", first::isEnded);

    bed.hub.stand(TraceModule.CONNECT, sink);
    connectHere();
    connectHere();
    Await.until("both", () -> kept.all(TraceEvent.Connect.class).size() == 2);
    assertThat(ports()).isEmpty();
    assertThat(first.all(TraceEvent.Connect.class)).isEmpty();
  }

  /** Two requests for each of some thousand connections: none, or both, for a share of them. */
  @Test
  void http_share_followsThatPartOfTheConnectionsAndCountsTheRest() throws Exception {
    bed.hub.stand(TraceModule.HTTP, sink).see(Map.of(bed.cookie(), SHARE));
    try (ServerSocket server = bed.listen("127.0.0.1")) {
      Thread serving = new Thread(() -> serve(server), "share-server");
      serving.start();
      bed.netns.call(
          () -> {
            for (int i = 0; i < CONNECTIONS; i++) {
              talk(server.getLocalPort());
            }
            return CONNECTIONS;
          });
      serving.join(TraceBed.LIMIT.toMillis());
    }
    int sockets = 2 * CONNECTIONS;
    TraceEvent.Totals totals =
        sink.await(
            TraceEvent.Totals.class,
            told ->
                told.unsampled() > 0
                    && sink.all(TraceEvent.Http.class).size() >= 2 * (sockets - told.unsampled()));

    Map<String, Long> rows =
        sink.all(TraceEvent.Http.class).stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.subject().local() + " to " + row.subject().remote(),
                    HashMap::new,
                    Collectors.counting()));
    assertThat(rows.values()).as("all of a connection or nothing").containsOnly(2L);
    assertThat(rows.size() + totals.unsampled()).as("followed and left out").isEqualTo(sockets);
    assertThat(rows.size()).isBetween(sockets * (SHARE - 3) / ALL, sockets * (SHARE + 3) / ALL);
    assertThat(totals.lost() + totals.shed() + totals.untracked() + totals.skipped()).isZero();
  }

  private static void talk(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      for (int request = 0; request < 2; request++) {
        socket.getOutputStream().write(REQUEST.getBytes(US_ASCII));
        assertThat(readHead(socket)).isTrue();
      }
    }
  }

  /** Reads a head; false: the other end has closed. */
  private static boolean readHead(Socket socket) throws IOException {
    byte[] bytes = new byte[512];
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int count = socket.getInputStream().read(bytes);
      if (count < 0) {
        return false;
      }
      head.append(new String(bytes, 0, count, US_ASCII));
    }
    return true;
  }

  private static void serve(ServerSocket server) {
    byte[] answer = ANSWER.getBytes(US_ASCII);
    for (int i = 0; i < CONNECTIONS; i++) {
      try (Socket socket = server.accept()) {
        while (readHead(socket)) {
          socket.getOutputStream().write(answer);
        }
      } catch (IOException failed) {
        throw new AssertionError(failed);
      }
    }
  }
}
