package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.publish.grpc.Await;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outcomes and durations of connect(), against servers whose answer is known. */
class ConnectTraceIT {
  private static final Duration DELAY = Duration.ofMillis(30);
  private static final int ETIMEDOUT = 110;
  private static final int ECONNREFUSED = 111;
  private static final int CLOSED_PORT = 4999;

  private final TraceBed bed = new TraceBed(OpenTrace.Rates.DEFAULT);

  @AfterEach
  void close() {
    bed.close();
  }

  private static TraceEvent.Connect outcome(CollectingSink sink, int port) {
    return sink.await(
        TraceEvent.Connect.class, connect -> connect.subject().remote().getPort() == port);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void connect_listener_isEstablishedAndNamesWhoDidIt(String address) throws IOException {
    CollectingSink sink = bed.read(TraceModule.CONNECT);
    try (ServerSocket server = bed.listen(address)) {
      long before = System.nanoTime();
      assertThat(bed.tryConnect(address, server.getLocalPort(), TraceBed.LIMIT)).isEmpty();
      long took = System.nanoTime() - before;

      TraceEvent.Connect connect = outcome(sink, server.getLocalPort());
      assertThat(connect.outcome()).isEqualTo(new TraceEvent.ConnectOutcome(true, 0));
      assertThat(connect.latency()).isBetween(Duration.ofNanos(1), Duration.ofNanos(took));
      assertThat(connect.subject().actor().pid()).isEqualTo((int) ProcessHandle.current().pid());
      assertThat(connect.subject().actor().command()).isNotEmpty();
      assertThat(connect.subject().place().namespace()).isEqualTo("test");
      assertThat(connect.subject().place().cgroup()).startsWith("/");
      assertThat(connect.subject().local().getPort()).isPositive();
      assertThat(connect.subject().remote().getAddress().getHostAddress())
          .isEqualTo(server.getInetAddress().getHostAddress());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {DelayedPath.IPV4, DelayedPath.IPV6})
  void connect_farListener_takesTheDelayOfBothWays(String address) throws IOException {
    bed.delay(DELAY);
    try (ServerSocket server = bed.listen("::")) {
      CollectingSink sink = bed.read(TraceModule.CONNECT);
      long before = System.nanoTime();
      assertThat(bed.tryConnect(address, server.getLocalPort(), TraceBed.LIMIT)).isEmpty();
      long took = System.nanoTime() - before;

      TraceEvent.Connect connect = outcome(sink, server.getLocalPort());
      assertThat(connect.outcome().established()).isTrue();
      assertThat(connect.latency()).isBetween(DELAY.multipliedBy(2), Duration.ofNanos(took));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", DelayedPath.IPV4})
  void connect_nobodyListens_isRefused(String address) {
    bed.delay(DELAY);
    CollectingSink sink = bed.read(TraceModule.CONNECT);
    assertThat(bed.tryConnect(address, CLOSED_PORT, TraceBed.LIMIT)).isPresent();

    TraceEvent.Connect connect = outcome(sink, CLOSED_PORT);
    assertThat(connect.outcome()).isEqualTo(new TraceEvent.ConnectOutcome(false, ECONNREFUSED));
    assertThat(connect.subject().local().getPort()).as("its port is given back").isPositive();
    if (address.equals(DelayedPath.IPV4)) {
      assertThat(connect.latency()).isGreaterThanOrEqualTo(DELAY.multipliedBy(2));
    }
  }

  /** One SYN, no answer: the kernel gives up when its first timer runs out. */
  @Test
  void connect_noAnswer_timesOut() {
    bed.netns.call(
        () -> TestObjects.run(List.of("sysctl", "-q", "-w", "net.ipv4.tcp_syn_retries=1")));
    bed.delay(Duration.ofHours(1));
    CollectingSink sink = bed.read(TraceModule.CONNECT);
    assertThat(bed.tryConnect(DelayedPath.IPV4, CLOSED_PORT, TraceBed.LIMIT)).isPresent();

    TraceEvent.Connect connect = outcome(sink, CLOSED_PORT);
    assertThat(connect.outcome()).isEqualTo(new TraceEvent.ConnectOutcome(false, ETIMEDOUT));
    assertThat(connect.latency()).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void connect_givenUpByTheCaller_isAbandoned() {
    bed.delay(Duration.ofHours(1));
    CollectingSink sink = bed.read(TraceModule.CONNECT);
    assertThat(bed.tryConnect(DelayedPath.IPV4, CLOSED_PORT, Duration.ofMillis(200)))
        .get()
        .isInstanceOf(SocketTimeoutException.class);

    assertThat(outcome(sink, CLOSED_PORT).outcome())
        .isEqualTo(new TraceEvent.ConnectOutcome(false, 0));
  }

  @Test
  void filters_eachAlone_letThroughWhatTheyName() throws IOException {
    int me = (int) ProcessHandle.current().pid();
    CollectingSink byPid = read(new TraceQuery.Filter(0, me, "", ""));
    CollectingSink byOther = read(new TraceQuery.Filter(0, 1, "", ""));
    CollectingSink byPort = read(new TraceQuery.Filter(CLOSED_PORT, 0, "test", ""));
    CollectingSink byOtherPort = read(new TraceQuery.Filter(CLOSED_PORT + 1, 0, "test", ""));
    CollectingSink byCgroup = read(new TraceQuery.Filter(0, 0, "test", "/"));
    bed.tryConnect("127.0.0.1", CLOSED_PORT, TraceBed.LIMIT);

    for (CollectingSink sink : List.of(byPid, byPort, byCgroup)) {
      assertThat(outcome(sink, CLOSED_PORT).outcome().errnoValue()).isEqualTo(ECONNREFUSED);
    }
    for (CollectingSink sink : List.of(byOther, byOtherPort)) {
      assertThat(sink.all(TraceEvent.Connect.class))
          .noneMatch(connect -> connect.subject().remote().getPort() == CLOSED_PORT);
    }
  }

  private CollectingSink read(TraceQuery.Filter filter) {
    return bed.read(TraceModule.CONNECT, filter, Duration.ZERO);
  }

  @Test
  void process_ended_endsTheTraceWithOneLine() throws Exception {
    Process process = new ProcessBuilder("sleep", "60").start();
    CollectingSink sink = read(new TraceQuery.Filter(0, (int) process.pid(), "", ""));
    process.destroyForcibly();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();

    TraceEvent.Totals last =
        sink.await(TraceEvent.Totals.class, totals -> !totals.ended().isEmpty());
    assertThat(last.ended()).isEqualTo("process %d has ended".formatted(process.pid()));
    Await.until("the end", sink::isEnded);
  }
}
