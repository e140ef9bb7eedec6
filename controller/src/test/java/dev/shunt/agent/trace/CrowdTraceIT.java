package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.publish.grpc.Await;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** More sockets at once than a module has room for. */
class CrowdTraceIT {
  /** What the module has room for. */
  private static final int ROOM = 16_384;

  /** What surely finds it, wherever the kernel puts the sockets. */
  private static final int SURE = 13_000;

  private static final int TOO_MANY = 20_000;

  /** Nobody answers in the time of the test. */
  private static final Duration FAR = Duration.ofMinutes(1);

  /** Has N connects under way, and gives them up. */
  private static final String CLIENT =
      """
      import resource, socket, sys
      address, number = sys.argv[1], int(sys.argv[2])
      resource.setrlimit(resource.RLIMIT_NOFILE, (number + 100, number + 100))
      sockets = []
      for _ in range(number):
          one = socket.socket()
          one.setblocking(False)
          one.connect_ex((address, 4998))
          sockets.append(one)
      for one in sockets:
          one.close()
      print("closed", flush=True)
      """;

  private final TraceBed bed = new TraceBed(OpenTrace.Rates.DEFAULT);

  @AfterEach
  void close() {
    bed.close();
  }

  private TraceEvent.Totals connect(int number) {
    bed.delay(FAR);
    CollectingSink sink = bed.read(TraceModule.CONNECT);
    Await.until("sums", () -> !sink.all(TraceEvent.Totals.class).isEmpty());
    List<String> client =
        List.of("python3", "-c", CLIENT, DelayedPath.IPV4, Integer.toString(number));
    try (TalkingProcess process = bed.netns.call(() -> new TalkingProcess(client))) {
      process.expect("closed");
    }
    Await.until(
        "the sums",
        () -> sink.lastTotals().matched() + sink.lastTotals().untracked() >= number);
    return sink.lastTotals();
  }

  @Test
  void connects_thatThereIsRoomFor_areAllFollowed() {
    TraceEvent.Totals totals = connect(SURE);

    assertThat(totals.matched()).isEqualTo(SURE);
    assertThat(totals.untracked()).isZero();
  }

  @Test
  void connects_beyondTheRoom_areCounted() {
    TraceEvent.Totals totals = connect(TOO_MANY);

    assertThat(totals.matched()).isBetween((long) SURE, (long) ROOM);
    assertThat(totals.matched() + totals.untracked()).isEqualTo(TOO_MANY);
  }
}
