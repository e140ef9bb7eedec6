package dev.shunt.agent.trace;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.datapath.libbpf.TestNetns;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.http.PathTemplates;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Traces that see what was chosen, and only that, while the choice changes. */
class StandingTraceIT {
  private static final OpenTrace.Rates UNLIMITED =
      new OpenTrace.Rates(Integer.MAX_VALUE, Integer.MAX_VALUE);
  private static final int CLOSED_PORT = 4998;
  private static final int OTHER_CLOSED_PORT = 4997;
  private static final int ALL = 100;

  private static final String REQUEST = "GET %s HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String ANSWER = "HTTP/1.1 204 No Content\r\n\r\n";
  private static final int CONNECTIONS = 2000;
  private static final int SHARE = 25;

  /** More than there are templates of one network namespace. */
  private static final int SCANNED = 520;

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
      Thread serving = new Thread(() -> serve(server, CONNECTIONS), "share-server");
      serving.start();
      bed.netns.call(
          () -> {
            for (int i = 0; i < CONNECTIONS; i++) {
              talk(server.getLocalPort(), List.of("/share", "/share"));
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
    assertThat(HttpRows.missing(totals)).isZero();
  }

  /** Somebody tries one path after the other; who is asked sensibly still has its templates. */
  @Test
  void http_besideANamespaceThatIsScanned_isToldByItsTemplates() throws Exception {
    bed.hub.stand(TraceModule.HTTP, sink).see(Map.of(bed.cookie(), ALL, otherCookie, ALL));
    List<String> scanned =
        IntStream.range(0, SCANNED)
            .mapToObj(i -> "/" + "do".repeat(i % 20 + 1) + "/" + "re-".repeat(i / 20 + 1) + "mi")
            .toList();
    ask(bed.netns, scanned);
    ask(other, List.of("/shop/cart"));

    sink.await(TraceEvent.Http.class, row -> isOf(row, "other"));
    assertThat(paths("other")).containsExactly("/shop/cart");
    assertThat(paths("test"))
        .contains(PathTemplates.OTHER)
        .hasSizeLessThan(SCANNED)
        .contains(scanned.get(0));
  }

  private static boolean isOf(TraceEvent.Http row, String namespace) {
    return row.subject().place().namespace().equals(namespace);
  }

  private Set<String> paths(String namespace) {
    return sink.all(TraceEvent.Http.class).stream()
        .filter(row -> isOf(row, namespace))
        .map(row -> row.exchange().request().path())
        .collect(Collectors.toSet());
  }

  /** On one connection inside of the namespace. */
  private static void ask(TestNetns netns, List<String> paths) throws Exception {
    try (ServerSocket server =
        netns.call(() -> new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))) {
      Thread serving = new Thread(() -> serve(server, 1), "scan-server");
      serving.start();
      netns.call(
          () -> {
            talk(server.getLocalPort(), paths);
            return paths;
          });
      serving.join(TraceBed.LIMIT.toMillis());
    }
  }

  private static void talk(int port, List<String> paths) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      for (String path : paths) {
        socket.getOutputStream().write(REQUEST.formatted(path).getBytes(US_ASCII));
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

  private static void serve(ServerSocket server, int connections) {
    byte[] answer = ANSWER.getBytes(US_ASCII);
    for (int i = 0; i < connections; i++) {
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
