package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.trace.TcpState;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.publish.grpc.Await;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Where packets interrupt programs, as on real interfaces, the kernel passes over some changes:
 * what is told of the others is right all the same.
 */
class MissedChangesIT {
  private static final OpenTrace.Rates ALL = new OpenTrace.Rates(1_000_000, 1_000_000);
  private static final int CROWDS = 3;
  private static final int WITHOUT_END = 1_000_000_000;

  /** The ring has room for all that their sockets do: of that, nothing is lost otherwise. */
  private static final int FOLLOWED = 400;

  /** Tells its port; then connects to itself N times, each end closing first in turn. */
  private static final String PROGRAM =
      """
      import os, socket, sys
      listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
      parent = os.getpid()
      if os.fork() == 0:
          listener.settimeout(1)
          while os.getppid() == parent:
              try:
                  one, _ = listener.accept()
              except TimeoutError:
                  continue
              one.settimeout(None)
              one.recv(1)
              one.close()
          sys.exit()
      print(listener.getsockname()[1], flush=True)
      sys.stdin.readline()
      for n in range(int(sys.argv[1])):
          with socket.create_connection(listener.getsockname()) as one:
              if n % 2:
                  one.sendall(b"x")
                  one.recv(1)
      print("done", flush=True)
      """;

  private final TraceBed bed = new TraceBed(ALL);
  private final List<TalkingProcess> crowds =
      Stream.generate(() -> run(WITHOUT_END)).limit(CROWDS).toList();
  private final TalkingProcess followed = run(FOLLOWED);
  private final List<Integer> crowdPorts = crowds.stream().map(MissedChangesIT::port).toList();
  private final int port = port(followed);

  private TalkingProcess run(int connections) {
    return bed.netns.call(
        () -> new TalkingProcess(List.of("python3", "-c", PROGRAM, Integer.toString(connections))));
  }

  private static int port(TalkingProcess process) {
    return Integer.parseInt(process.next());
  }

  /** Packets go to another CPU than that of their sender, which interrupts it. */
  @BeforeEach
  void spreadPackets() {
    assumeThat(Runtime.getRuntime().availableProcessors()).as("CPUs").isGreaterThan(1);
    String queue = "/sys/class/net/lo/queues/rx-0/rps_cpus";
    bed.netns.call(
        () ->
            TestObjects.run(
                List.of(
                    "unshare",
                    "--mount",
                    "sh",
                    "-c",
                    "mount -t sysfs none /sys && echo 3 >" + queue)));
  }

  @AfterEach
  void close() {
    followed.close();
    crowds.forEach(TalkingProcess::close);
    bed.close();
  }

  private static void awaitAttached(CollectingSink sink) {
    Await.until("sums", () -> !sink.all(TraceEvent.Totals.class).isEmpty());
  }

  @Test
  void states_changesMissed_noTimeIsThatOfTwoStates() {
    CollectingSink sink =
        bed.read(TraceModule.STATES, new TraceQuery.Filter(port, 0, "test", ""), Duration.ZERO);
    awaitAttached(sink);
    crowds.forEach(crowd -> crowd.say("begin"));
    followed.say("begin");
    followed.expect("done");
    long known = sink.lastTotals().matched();
    Await.until("the sums", () -> sink.lastTotals().matched() > known);

    List<TraceEvent.StateChange> changes =
        sink.all(TraceEvent.StateChange.class).stream()
            .sorted(Comparator.comparing(TraceEvent.StateChange::time))
            .toList();
    assertThat(changes).hasSizeGreaterThan(FOLLOWED);
    assertThat(sink.lastTotals().lost()).as("missed").isPositive();
    Map<Long, TcpState> states = new HashMap<>();
    for (TraceEvent.StateChange change : changes) {
      TcpState before = states.put(change.socketId(), change.change().to());
      if (change.inState().isPresent()) {
        assertThat(change.change().from()).as("%s", change).isEqualTo(before);
      }
    }
  }

  @Test
  void connect_endMissed_isNotTakenForThatOfAListenersSocket() {
    CollectingSink sink =
        bed.read(TraceModule.CONNECT, new TraceQuery.Filter(0, 0, "test", ""), Duration.ZERO);
    awaitAttached(sink);
    crowds.forEach(crowd -> crowd.say("begin"));
    Await.until(
        "connects that were missed",
        () -> sink.lastTotals().lost() > 100 && sink.lastTotals().matched() > 20_000);

    assertThat(sink.all(TraceEvent.Connect.class))
        .noneMatch(connect -> crowdPorts.contains(connect.subject().local().getPort()));
  }
}
