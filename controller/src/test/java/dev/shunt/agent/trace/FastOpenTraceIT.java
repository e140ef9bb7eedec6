package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.trace.FastOpen;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceEvent.Handshake.Side;
import dev.shunt.observe.trace.TraceModule;
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
        .containsExactly(FastOpen.ASKED, FastOpen.ACCEPTED, FastOpen.REFUSED);
    assertThat(outcomes(sink, Side.SERVER, port)).containsExactly(FastOpen.ACCEPTED);
    assertThat(counted).as("TCPFastOpenActive, Passive, ActiveFail").endsWith("1", "1", "1");
    TraceEvent.Totals totals = sink.await(TraceEvent.Totals.class, told -> told.matched() >= 6);
    assertThat(totals.matched()).as("handshakes, both ends").isEqualTo(6);
    assertThat(sink.all(TraceEvent.Handshake.class))
        .filteredOn(handshake -> handshake.side() == Side.CLIENT)
        .allSatisfy(
            handshake -> assertThat(handshake.subject().actor().command()).startsWith("python3"));
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
