package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.publish.grpc.Await;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** More sockets at once than a module has room for. */
class CrowdTraceIT {
  /** Of one client: what surely finds room, wherever the kernel puts the sockets. */
  private static final int NUMBER = 16_384;

  /** All places of the table. */
  private static final int PLACES = 7 * NUMBER / 4;

  /** Nobody answers in the time of the test. */
  private static final Duration FAR = Duration.ofMinutes(1);

  /** Has N connects under way, and gives them up. */
  private static final String CLIENT =
      """
      import resource, socket, sys
      address, port, number = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
      resource.setrlimit(resource.RLIMIT_NOFILE, (number + 100, number + 100))
      sockets = []
      for _ in range(number):
          one = socket.socket()
          one.setblocking(False)
          one.connect_ex((address, port))
          sockets.append(one)
      print("open", flush=True)
      sys.stdin.readline()
      for one in sockets:
          one.close()
      print("closed", flush=True)
      """;

  private static final int PORT = 4990;

  /** What is shed takes no room. */
  private static final OpenTrace.Rates ALL = new OpenTrace.Rates(3 * NUMBER, 3 * NUMBER);

  private final TraceBed bed = new TraceBed(ALL);

  @AfterEach
  void close() {
    bed.close();
  }

  private TalkingProcess client(int port) {
    List<String> client =
        List.of(
            "python3",
            "-c",
            CLIENT,
            DelayedPath.IPV4,
            Integer.toString(port),
            Integer.toString(NUMBER));
    return bed.netns.call(() -> new TalkingProcess(client));
  }

  /** So many clients at the same time. */
  private TraceEvent.Totals connect(int count) {
    bed.delay(FAR);
    CollectingSink sink = bed.read(TraceModule.CONNECT);
    Await.until("sums", () -> !sink.all(TraceEvent.Totals.class).isEmpty());
    List<TalkingProcess> clients =
        IntStream.range(PORT, PORT + count).mapToObj(this::client).toList();
    clients.forEach(client -> client.expect("open"));
    for (TalkingProcess client : clients) {
      client.say("close");
      client.expect("closed");
      client.close();
    }
    Await.until("the sums", () -> sink.lastTotals().matched() == (long) count * NUMBER);
    return sink.lastTotals();
  }

  @Test
  void connects_thatThereIsRoomFor_areAllFollowed() {
    TraceEvent.Totals totals = connect(1);

    assertThat(totals.untracked()).isZero();
  }

  @Test
  void connects_beyondTheRoom_areCounted() {
    TraceEvent.Totals totals = connect(3);

    assertThat(totals.untracked()).isBetween(3L * NUMBER - PLACES, 2L * NUMBER);
    assertThat(totals.shed()).isZero();
  }
}
