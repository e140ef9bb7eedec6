package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Round trips over a path with a known delay, against what {@code ss} says of the same socket. */
class RttTraceIT {
  private static final Duration DELAY = Duration.ofMillis(20);
  private static final long ROUND_TRIP_MICROS = 2 * DELAY.toMillis() * 1000;
  private static final int MESSAGES = 8;
  private static final Pattern SRTT = Pattern.compile("\\brtt:([0-9.]+)/");

  private final TraceBed bed = new TraceBed(OpenTrace.Rates.DEFAULT);

  @AfterEach
  void close() {
    bed.close();
  }

  @Test
  void exchange_overADelayedPath_isWhatSsSays() throws IOException {
    bed.delay(DELAY);
    try (ServerSocket listener = bed.listen("0.0.0.0");
        Socket client = connect(listener.getLocalPort());
        Socket server = listener.accept()) {
      CollectingSink sink = bed.read(TraceModule.RTT);
      CollectingSink other =
          bed.read(TraceModule.RTT, new TraceQuery.Filter(1, 0, "test", ""), Duration.ZERO);
      for (int i = 0; i < MESSAGES; i++) {
        exchange(client, server);
      }

      TraceEvent.RoundTrips told =
          sink.await(
              TraceEvent.RoundTrips.class,
              pair ->
                  pair.histogram().count() >= MESSAGES
                      && pair.remote().getHostAddress().equals(DelayedPath.IPV4));
      TraceEvent.Histogram histogram = told.histogram();
      double ssMicros = ssMicros(client.getLocalPort());
      assertThat(histogram.leastMicros()).isGreaterThanOrEqualTo(ROUND_TRIP_MICROS);
      assertThat(ssMicros).isBetween(0.7 * histogram.leastMicros(), 1.3 * histogram.mostMicros());
      assertThat(histogram.buckets().stream().mapToLong(Long::longValue).sum())
          .isEqualTo(histogram.count());
      assertThat(histogram.buckets().subList(0, 15)).as("below 2^15 us").containsOnly(0L);
      assertThat(histogram.sumMicros())
          .isBetween(
              histogram.count() * histogram.leastMicros(),
              histogram.count() * histogram.mostMicros());
      assertThat(told.place().namespace()).isEqualTo("test");
      assertThat(told.local().getHostAddress()).isEqualTo("10.9.0.1");
      assertThat(other.all(TraceEvent.RoundTrips.class)).as("of another port").isEmpty();
    }
  }

  private Socket connect(int port) {
    return bed.netns.call(
        () -> {
          Socket socket = new Socket();
          socket.connect(new InetSocketAddress(DelayedPath.IPV4, port));
          return socket;
        });
  }

  private static void exchange(Socket client, Socket server) throws IOException {
    client.getOutputStream().write(1);
    assertThat(server.getInputStream().read()).isEqualTo(1);
    server.getOutputStream().write(2);
    assertThat(client.getInputStream().read()).isEqualTo(2);
  }

  private double ssMicros(int port) {
    String text =
        bed.netns.call(() -> TestObjects.run(List.of("ss", "-tin", "sport", "=", ":" + port)));
    Matcher srtt = SRTT.matcher(text);
    assertThat(srtt.find()).as(text).isTrue();
    return Double.parseDouble(srtt.group(1)) * 1000;
  }
}
