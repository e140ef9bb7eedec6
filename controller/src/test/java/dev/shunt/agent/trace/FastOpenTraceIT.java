package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.trace.FastOpen;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceEvent.Handshake.Side;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.publish.grpc.Await;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Handshakes with data in the SYN, against the kernel's own counters. */
class FastOpenTraceIT {
  private static final String PROGRAM = "src/test/resources/dev/shunt/agent/trace/fast_open.py";

  private final TraceBed bed = new TraceBed(OpenTrace.Rates.DEFAULT);

  @AfterEach
  void close() {
    bed.close();
  }

  @Test
  void handshakes_askedTakenAndRefused_areToldAsTheKernelCountsThem() {
    CollectingSink sink = bed.read(TraceModule.FASTOPEN);
    String[] counted =
        bed.netns.call(() -> TestObjects.run(List.of("python3", PROGRAM))).strip().split(" ", -1);
    int port = Integer.parseInt(counted[0]);
    sink.await(TraceEvent.Handshake.class, handshake -> handshake.outcome() == FastOpen.REFUSED);

    assertThat(outcomes(sink, Side.CLIENT, port))
        .containsExactly(FastOpen.ASKED, FastOpen.ACCEPTED, FastOpen.ACCEPTED, FastOpen.REFUSED);
    assertThat(outcomes(sink, Side.SERVER, port))
        .containsExactly(FastOpen.ACCEPTED, FastOpen.ACCEPTED);
    assertThat(counted).as("TCPFastOpenActive, Passive, ActiveFail").endsWith("2", "2", "1");
    TraceEvent.Totals totals = sink.await(TraceEvent.Totals.class, told -> told.matched() >= 8);
    assertThat(totals.matched()).as("handshakes, both ends").isEqualTo(8);
    assertThat(sink.all(TraceEvent.Handshake.class))
        .filteredOn(handshake -> handshake.side() == Side.CLIENT)
        .allSatisfy(
            handshake -> assertThat(handshake.subject().actor().command()).startsWith("python3"));
  }

  /** Whose a socket is that a listener makes is not known. */
  @Test
  void handshakes_ofAProcess_areCountedWhereItConnects() throws IOException {
    int me = (int) ProcessHandle.current().pid();
    CollectingSink all = bed.read(TraceModule.FASTOPEN);
    CollectingSink mine =
        bed.read(TraceModule.FASTOPEN, new TraceQuery.Filter(0, me, "test", ""), Duration.ZERO);
    try (ServerSocket server = bed.listen("127.0.0.1")) {
      assertThat(bed.tryConnect("127.0.0.1", server.getLocalPort(), TraceBed.LIMIT)).isEmpty();
    }

    Await.until("both ends", () -> all.lastTotals().matched() == 2);
    Await.until("its own end", () -> mine.lastTotals().matched() > 0);
    assertThat(mine.lastTotals().matched()).isEqualTo(1);
    assertThat(all.all(TraceEvent.Handshake.class)).isEmpty();
  }

  private static List<FastOpen> outcomes(CollectingSink sink, Side side, int port) {
    return sink.all(TraceEvent.Handshake.class).stream()
        .filter(handshake -> handshake.side() == side)
        .filter(
            handshake ->
                (side == Side.CLIENT ? handshake.subject().remote() : handshake.subject().local())
                        .getPort()
                    == port)
        .map(TraceEvent.Handshake::outcome)
        .toList();
  }
}
