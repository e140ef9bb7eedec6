package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.http.HttpExchange.Side;
import dev.shunt.observe.trace.PausedTime;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.publish.grpc.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of a real JVM that collects meanwhile, against its own log. */
class PausedRequestsIT {
  private static final Path SOURCES = Path.of("src/test/resources/dev/shunt/agent/trace");

  /** Between the JVM's own measurement and the probe its thread may have to wait for a CPU. */
  private static final double SLACK_MILLIS = 20;

  /** Each pause lasts some hundred milliseconds. */
  private static final int TRIES = 10;

  @TempDir private Path home;

  private final TraceBed bed =
      new TraceBed(new OpenTrace.Rates(Integer.MAX_VALUE, Integer.MAX_VALUE));
  private final List<AutoCloseable> processes = new ArrayList<>();
  private GcLog log;

  @BeforeEach
  void open() {
    log = new GcLog(home.resolve("gc.log"));
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable process : processes) {
      process.close();
    }
    bed.close();
  }

  /** Starts the server; its port. It is the first of the processes. */
  private int serve(String collector) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path source = Files.copy(SOURCES.resolve("Collecting.java"), home.resolve("Collecting.java"));
    TalkingProcess server =
        bed.netns.call(
            () ->
                new TalkingProcess(
                    List.of(
                        java,
                        "-XX:+Use" + collector,
                        "-Xms600m",
                        "-Xmx600m",
                        log.option(),
                        source.toString())));
    processes.add(server);
    return Integer.parseInt(server.next());
  }

  private CollectingSink read(int port) {
    CollectingSink sink = new CollectingSink();
    TraceQuery.Requests requests =
        new TraceQuery.Requests(TraceQuery.Paths.RAW, TraceQuery.Pauses.TOLD);
    bed.hub.trace(
        new TraceQuery(
            TraceModule.HTTP,
            new TraceQuery.Filter(port, 0, "test", ""),
            Duration.ZERO,
            Duration.ofSeconds(1),
            requests),
        sink);
    return sink;
  }

  private void get(int port, String path) {
    String url = "http://127.0.0.1:%d%s".formatted(port, path);
    bed.netns.call(() -> TestObjects.run(List.of("curl", "-s", "-o", "/dev/null", url)));
  }

  private static TraceEvent.Http row(CollectingSink sink, String path, Side side) {
    return sink.await(
        TraceEvent.Http.class,
        row -> row.exchange().side() == side && row.exchange().request().path().equals(path));
  }

  private static long latencyNanos(TraceEvent.Http row) {
    return row.exchange().timing().lastNanos() - row.exchange().timing().beginNanos();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SerialGC", "G1GC"})
  void requests_ofAJvmThatCollects_haveTheTimesOfItsLog(String collector) throws IOException {
    int port = serve(collector);
    CollectingSink sink = read(port);
    for (String path : List.of("/plain", "/gc", "/again", "/gc/gc")) {
      int before = log.pauses().size();
      get(port, path);
      List<GcLog.Pause> logged = log.pauses().subList(before, log.pauses().size());
      double millis = logged.stream().mapToDouble(GcLog.Pause::millis).sum();

      TraceEvent.Http served = row(sink, path, Side.SERVER);
      PausedTime paused = served.paused().orElseThrow();
      assertThat(paused.pauses()).as("%s: %s", path, logged).isEqualTo(logged.size());
      assertThat(logged)
          .as("pauses that can be told from noise")
          .hasSize(path.split("gc", -1).length - 1)
          .allMatch(pause -> pause.millis() > 2 * SLACK_MILLIS);
      assertThat(paused.nanos() / 1e6)
          .as("%s: %s", path, logged)
          .isCloseTo(millis, within(logged.size() * SLACK_MILLIS))
          .isLessThanOrEqualTo(latencyNanos(served) / 1e6);
      PausedTime asked = row(sink, path, Side.CLIENT).paused().orElseThrow();
      assertThat(asked).as("curl, of the same pod").isEqualTo(paused);
    }
    assertThat(row(sink, "/plain", Side.SERVER).paused()).contains(PausedTime.NONE);
    assertThat(sink.lastTotals().lost()).isZero();
  }

  /** Each of nginx's requests is over long before the pause in which it lies is told. */
  @Test
  void requests_ofAnotherProcessOfThePod_areToldWhileThePauseGoesOn() throws IOException {
    int port = serve("SerialGC");
    processes.add(NginxTruth.start(bed.netns, home));
    CollectingSink sink = read(0);
    get(NginxTruth.PORT, "/before");
    CompletableFuture<Void> collecting = CompletableFuture.runAsync(() -> get(port, "/gc"));
    int asked = 0;
    while (!collecting.isDone()) {
      get(NginxTruth.PORT, "/meanwhile/" + asked++);
    }
    collecting.join();
    row(sink, "/gc", Side.SERVER);
    row(sink, "/meanwhile/" + (asked - 1), Side.SERVER);

    assertThat(row(sink, "/before", Side.SERVER).paused()).contains(PausedTime.NONE);
    List<TraceEvent.Http> meanwhile =
        sink.all(TraceEvent.Http.class).stream()
            .filter(row -> row.exchange().request().path().startsWith("/meanwhile"))
            .toList();
    assertThat(meanwhile)
        .allSatisfy(row -> assertThat(row.paused()).isPresent())
        .anySatisfy(
            row ->
                assertThat(row.paused())
                    .as("all of it lay inside")
                    .contains(new PausedTime(latencyNanos(row), 1)));
  }

  /**
   * The JVM is stopped inside of a pause, so that the pause goes on whatever the scheduler does.
   */
  @Test
  void request_answeredWhileThePauseGoesOn_hasStoodUpToItsEnd() throws Exception {
    int port = serve("SerialGC");
    processes.add(NginxTruth.start(bed.netns, home));
    CollectingSink sink = read(0);
    get(NginxTruth.PORT, "/before");
    assertThat(row(sink, "/before", Side.SERVER).paused()).contains(PausedTime.NONE);

    CompletableFuture<Void> collecting = stopInsideOfAPause(port);
    try {
      get(NginxTruth.PORT, "/inside");
      TraceEvent.Http inside = row(sink, "/inside", Side.SERVER);
      assertThat(inside.paused()).contains(new PausedTime(latencyNanos(inside), 1));
      assertThat(collecting).as("it still goes on").isNotDone();
    } finally {
      signal("CONT");
      collecting.join();
    }
  }

  /** Who asks for the collection, and waits. */
  private CompletableFuture<Void> stopInsideOfAPause(int port) {
    for (int tries = 0; tries < TRIES; tries++) {
      long begun = log.begun();
      CompletableFuture<Void> collecting = CompletableFuture.runAsync(() -> get(port, "/gc"));
      Await.until("a pause to begin", () -> log.begun() > begun);
      signal("STOP");
      if (log.pauses().size() < log.begun()) {
        return collecting;
      }
      signal("CONT"); // this thread was too late
      collecting.join();
    }
    throw new AssertionError("no pause lasted until the JVM could be stopped");
  }

  private void signal(String name) {
    int pid = ((TalkingProcess) processes.get(0)).pid();
    TestObjects.run(List.of("kill", "-" + name, Integer.toString(pid)));
  }

  @Test
  void programs_ofATraceThatIsLeft_areGone() {
    Set<Integer> before = TraceBed.attached();
    CollectingSink sink = read(0);
    Set<Integer> both = new HashSet<>(TraceBed.attached());
    both.removeAll(before);
    assertThat(both).as("of HTTP, and of this JVM").hasSizeGreaterThanOrEqualTo(1 + 4);

    sink.leave();
    Await.until("both modules to leave", () -> before.containsAll(TraceBed.attached()));
    assertThat(sink.isEnded()).isTrue();
  }

  @Test
  void duration_thatIsOver_endsBothModules() {
    Set<Integer> before = TraceBed.attached();
    CollectingSink sink = new CollectingSink();
    bed.hub.trace(
        new TraceQuery(
            TraceModule.HTTP,
            new TraceQuery.Filter(0, 0, "test", ""),
            Duration.ofMillis(300),
            Duration.ofSeconds(1),
            new TraceQuery.Requests(TraceQuery.Paths.TEMPLATE, TraceQuery.Pauses.TOLD)),
        sink);

    Await.until("the end", sink::isEnded);
    Await.until("both modules to leave", () -> before.containsAll(TraceBed.attached()));
  }
}
