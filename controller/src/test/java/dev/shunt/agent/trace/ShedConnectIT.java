package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.publish.grpc.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which connects are told when there is no room for all: that is decided where they begin. */
class ShedConnectIT {
  /** Each way, so that a connect ends in the second after the one that it began in. */
  private static final Duration DELAY = Duration.ofMillis(700);

  /** A CPU may take it for the last second until its next tick. */
  private static final long TICK_NANOS = Duration.ofMillis(20).toNanos();

  private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

  private final TraceBed bed = new TraceBed(new OpenTrace.Rates(1, 1000));

  private static void awaitNextSecond() {
    long now = TraceBed.second();
    Await.until(
        "the next second",
        () -> TraceBed.second() > now && System.nanoTime() % SECOND_NANOS > TICK_NANOS);
  }

  private SocketChannel begin(int port) {
    return bed.netns.call(
        () -> {
          SocketChannel channel = SocketChannel.open();
          channel.configureBlocking(false);
          channel.connect(new InetSocketAddress(DelayedPath.IPV4, port));
          return channel;
        });
  }

  /** Of its own end, once it is connected. */
  private static int port(SocketChannel channel) throws IOException {
    channel.configureBlocking(true);
    assertThat(channel.finishConnect()).isTrue();
    return ((InetSocketAddress) channel.getLocalAddress()).getPort();
  }

  @Test
  void connect_thatBeganWithRoom_isToldThoughItsEndHasNone() throws IOException {
    try (bed) {
      bed.delay(DELAY);
      CollectingSink sink = bed.read(TraceModule.CONNECT);
      Await.until("sums", () -> !sink.all(TraceEvent.Totals.class).isEmpty());
      try (ServerSocket server = bed.listen("0.0.0.0")) {
        awaitNextSecond();
        try (SocketChannel first = begin(server.getLocalPort());
            SocketChannel shed = begin(server.getLocalPort())) {
          awaitNextSecond();
          try (SocketChannel second = begin(server.getLocalPort())) {
            int untold = port(shed);
            List<Integer> told = List.of(port(first), port(second));
            Await.until(
                "the connects", () -> sink.all(TraceEvent.Connect.class).size() >= told.size());
            Await.until("all connects", () -> sink.lastTotals().matched() == 3);

            assertThat(sink.all(TraceEvent.Connect.class))
                .allMatch(connect -> connect.outcome().established())
                .allMatch(connect -> connect.latency().compareTo(DELAY.multipliedBy(2)) >= 0)
                .extracting(connect -> connect.subject().local().getPort())
                .containsExactlyElementsOf(told)
                .doesNotContain(untold);
            assertThat(sink.lastTotals().shed()).isEqualTo(1);
          }
        }
      }
    }
  }
}
