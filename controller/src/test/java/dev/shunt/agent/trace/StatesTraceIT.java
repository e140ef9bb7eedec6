package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.trace.TcpChange.Closer;
import dev.shunt.observe.trace.TcpState;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.publish.grpc.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The states of real connections whose course is known, and the time in them. */
class StatesTraceIT {
  private static final Map<TcpState, String> SS_WORDS =
      Map.of(
          TcpState.SYN_SENT, "SYN-SENT",
          TcpState.SYN_RECV, "SYN-RECV",
          TcpState.ESTABLISHED, "ESTAB",
          TcpState.FIN_WAIT1, "FIN-WAIT-1",
          TcpState.FIN_WAIT2, "FIN-WAIT-2",
          TcpState.CLOSE_WAIT, "CLOSE-WAIT");

  private final TraceBed bed = new TraceBed(OpenTrace.Rates.DEFAULT);
  private CollectingSink sink;
  private ServerSocket listener;

  @BeforeEach
  void open() {
    sink = bed.read(TraceModule.STATES);
    listener = bed.listen("127.0.0.1");
  }

  @AfterEach
  void close() throws IOException {
    listener.close();
    bed.close();
  }

  private record Pair(Socket client, Socket server, long beginNanos, long openNanos) {}

  private Pair connect() throws IOException {
    long begin = System.nanoTime();
    Socket client =
        bed.netns.call(
            () -> {
              Socket socket = new Socket();
              socket.connect(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort()));
              return socket;
            });
    return new Pair(client, listener.accept(), begin, System.nanoTime());
  }

  /** Changes of the end that has this port as its own; a new one has no remote port yet. */
  private List<TraceEvent.StateChange> changes(int localPort, int remotePort) {
    List<TraceEvent.StateChange> all = sink.all(TraceEvent.StateChange.class);
    return all.stream()
        .filter(change -> change.subject().local().getPort() == localPort)
        .filter(change -> change.subject().remote().getPort() == remotePort)
        .map(TraceEvent.StateChange::socketId)
        .findFirst()
        .map(id -> all.stream().filter(change -> change.socketId() == id).toList())
        .orElse(List.of());
  }

  private List<TraceEvent.StateChange> course(int localPort, int remotePort) {
    Await.until(
        "the end of the socket",
        () ->
            changes(localPort, remotePort).stream()
                .anyMatch(change -> change.change().to() == TcpState.CLOSE));
    return changes(localPort, remotePort);
  }

  private static List<TcpState> states(List<TraceEvent.StateChange> course) {
    return course.stream().map(change -> change.change().to()).toList();
  }

  private static Closer closer(List<TraceEvent.StateChange> course) {
    return course.stream()
        .map(change -> change.change().closer())
        .filter(closer -> closer != Closer.NOBODY)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void connection_closedByTheClientFirst_isTheKnownCourseOfBothEnds() throws IOException {
    Pair pair = connect();
    int clientPort = pair.client().getLocalPort();
    long closing = System.nanoTime();
    pair.client().close();
    long closed = System.nanoTime();
    assertThat(pair.server().getInputStream().read()).isEqualTo(-1);
    pair.server().close();

    List<TraceEvent.StateChange> client = course(clientPort, listener.getLocalPort());
    List<TraceEvent.StateChange> server = course(listener.getLocalPort(), clientPort);
    assertThat(states(client))
        .containsExactly(
            TcpState.SYN_SENT,
            TcpState.ESTABLISHED,
            TcpState.FIN_WAIT1,
            TcpState.FIN_WAIT2,
            TcpState.CLOSE);
    assertThat(states(server))
        .containsExactly(
            TcpState.SYN_RECV,
            TcpState.ESTABLISHED,
            TcpState.CLOSE_WAIT,
            TcpState.LAST_ACK,
            TcpState.CLOSE);
    assertThat(closer(client)).isEqualTo(Closer.LOCAL);
    assertThat(closer(server)).isEqualTo(Closer.REMOTE);
    assertThat(client)
        .allMatch(change -> change.subject().actor().pid() == (int) ProcessHandle.current().pid());
    Duration established = client.get(2).inState().orElseThrow();
    assertThat(established)
        .isBetween(
            Duration.ofNanos(closing - pair.openNanos()),
            Duration.ofNanos(closed - pair.beginNanos()));
    assertThat(client.get(0).inState()).isEmpty();
  }

  /** The state of each end by its own port, in the words of ss. */
  private Map<Integer, String> toldOf(Pair pair) {
    int client = pair.client().getLocalPort();
    int server = listener.getLocalPort();
    Map<Integer, String> told = new TreeMap<>();
    for (TraceEvent.StateChange change : changes(client, server)) {
      told.put(client, SS_WORDS.getOrDefault(change.change().to(), "?"));
    }
    for (TraceEvent.StateChange change : changes(server, client)) {
      told.put(server, SS_WORDS.getOrDefault(change.change().to(), "?"));
    }
    return told;
  }

  /** What the kernel's own list of sockets says: state, two queues, own address, port. */
  private Map<Integer, String> listedBySs() {
    Map<Integer, String> listed = new TreeMap<>();
    bed.netns
        .call(() -> TestObjects.run(List.of("ss", "-tnH")))
        .lines()
        .map(line -> line.trim().split(" +", -1))
        .forEach(
            words ->
                listed.put(
                    Integer.parseInt(words[3].substring(words[3].lastIndexOf(':') + 1)), words[0]));
    return listed;
  }

  @Test
  void endsThatAreOpen_areInTheStatesThatSsLists() throws IOException {
    Pair pair = connect();
    try (Socket client = pair.client();
        Socket server = pair.server()) {
      assertThat(listedBySs().values()).containsOnly("ESTAB").hasSize(2);
      Await.until("the states of ss", () -> toldOf(pair).equals(listedBySs()));

      client.shutdownOutput();
      assertThat(server.getInputStream().read()).isEqualTo(-1);
      // the FIN may be acknowledged later than it is read
      Await.until(
          "FIN-WAIT-2 and CLOSE-WAIT",
          () -> Set.copyOf(listedBySs().values()).equals(Set.of("FIN-WAIT-2", "CLOSE-WAIT")));
      Await.until("the states of ss", () -> toldOf(pair).equals(listedBySs()));
    }
  }

  @Test
  void connection_resetByTheServer_isToldAsAbortAndAsReset() throws IOException {
    Pair pair = connect();
    int clientPort = pair.client().getLocalPort();
    pair.server().setSoLinger(true, 0);
    pair.server().close();

    assertThat(closer(course(listener.getLocalPort(), clientPort))).isEqualTo(Closer.LOCAL_ABORT);
    assertThat(closer(course(clientPort, listener.getLocalPort()))).isEqualTo(Closer.REMOTE_RESET);
    pair.client().close();
  }

  @Test
  void connect_refused_goesStraightToClose() throws IOException {
    int port = listener.getLocalPort();
    listener.close();
    assertThat(bed.tryConnect("127.0.0.1", port, TraceBed.LIMIT)).isPresent();
    TraceEvent.StateChange end =
        sink.await(
            TraceEvent.StateChange.class,
            change ->
                change.subject().remote().getPort() == port
                    && change.change().to() == TcpState.CLOSE);

    assertThat(end.change().from()).isEqualTo(TcpState.SYN_SENT);
    assertThat(end.change().closer()).isEqualTo(Closer.REMOTE_RESET);
  }

  private static int connectToItself() throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      socket.connect(socket.getLocalSocketAddress());
      socket.setSoLinger(true, 0);
      return socket.getLocalPort();
    }
  }

  /** Both ends call connect() when there is one end only. */
  @Test
  void connect_toItself_isOneCourseOfOneProcess() {
    int port = bed.netns.call(StatesTraceIT::connectToItself);

    List<TraceEvent.StateChange> course = course(port, port);
    assertThat(states(course))
        .containsExactly(
            TcpState.SYN_SENT, TcpState.SYN_RECV, TcpState.ESTABLISHED, TcpState.CLOSE);
    assertThat(course)
        .allMatch(change -> change.subject().actor().pid() == (int) ProcessHandle.current().pid());
    assertThat(course.stream().skip(1)).allMatch(change -> change.inState().isPresent());
  }
}
