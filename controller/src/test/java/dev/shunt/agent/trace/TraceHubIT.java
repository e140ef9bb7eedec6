package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.shunt.datapath.layout.TraceRows;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.datapath.programs.TraceProgram;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException.Cause;
import dev.shunt.publish.grpc.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Modules are in the kernel while somebody reads them, and shared by all who do. */
class TraceHubIT {
  private static final int CLOSED_PORT = 4998;
  private static final TraceQuery.Filter EVERYTHING = new TraceQuery.Filter(0, 0, "", "");

  /** So few that any test is over them. */
  private static final OpenTrace.Rates FEW = new OpenTrace.Rates(5, 1000);

  private TraceBed bed = new TraceBed(OpenTrace.Rates.DEFAULT);

  @AfterEach
  void close() {
    bed.close();
  }

  private static int news(Set<Integer> before) {
    Set<Integer> now = new HashSet<>(TraceBed.attached());
    now.removeAll(before);
    return now.size();
  }

  /** Of all links together. The JVM of this test is one that is looked at. */
  private static int programs(TraceModule module) {
    return switch (module) {
      case JVM -> 4;
      case HTTP_TLS -> 4; // of sockets, and of functions where a process speaks TLS
      case TLS -> 6; // of system calls, and of functions where a process speaks TLS
      default -> 1;
    };
  }

  @ParameterizedTest
  @EnumSource(TraceModule.class)
  void module_readAndLeft_isAttachedMeanwhileOnly(TraceModule module) {
    Set<Integer> before = TraceBed.attached();
    CollectingSink sink = bed.read(module);

    assertThat(news(before)).as("while it is read").isGreaterThanOrEqualTo(programs(module));
    assertThat(sink.lastTotals().hook()).contains("/");

    sink.leave();
    Await.until("the module to leave", () -> news(before) == 0);
    assertThat(sink.isEnded()).isTrue();
  }

  @Test
  void readers_several_shareOneAttachmentUntilTheLast() {
    Set<Integer> before = TraceBed.attached();
    CollectingSink first = bed.read(TraceModule.CONNECT);
    CollectingSink second = bed.read(TraceModule.CONNECT);

    assertThat(news(before)).isEqualTo(1);
    first.leave();
    Await.until("the first to end", first::isEnded);
    bed.tryConnect("127.0.0.1", CLOSED_PORT, TraceBed.LIMIT);
    second.await(TraceEvent.Connect.class, connect -> true);
    assertThat(first.all(TraceEvent.Connect.class)).isEmpty();
    assertThat(news(before)).isEqualTo(1);

    second.leave();
    Await.until("the module to leave", () -> news(before) == 0);
    CollectingSink again = bed.read(TraceModule.CONNECT);
    bed.tryConnect("127.0.0.1", CLOSED_PORT, TraceBed.LIMIT);
    again.await(TraceEvent.Connect.class, connect -> true);
  }

  /** The module that is attached has no map of collectors. */
  @Test
  void telling_thatCannotBeMade_leavesNothingAttached() {
    Set<Integer> before = TraceBed.attached();
    try (TraceHub odd =
        new TraceHub(
            program -> OpenTrace.open(new Libbpf(), TraceProgram.CONNECT, OpenTrace.Rates.DEFAULT),
            TestNames.NONE,
            consumer -> Set.of())) {
      assertThatExceptionOfType(TraceRefusedException.class)
          .isThrownBy(
              () ->
                  odd.trace(
                      new TraceQuery(
                          TraceModule.JVM, EVERYTHING, Duration.ZERO, Duration.ofSeconds(1)),
                      new CollectingSink()))
          .withMessageContaining("collectors");

      assertThat(news(before)).isZero();
    }
  }

  @Test
  void readers_tooMany_oneMoreIsRefused() {
    List<CollectingSink> sinks = new ArrayList<>();
    for (int i = 0; i < TraceRows.READERS_MAX; i++) {
      sinks.add(bed.read(TraceModule.CONNECT));
    }
    assertThatExceptionOfType(TraceRefusedException.class)
        .isThrownBy(() -> bed.read(TraceModule.CONNECT))
        .satisfies(refused -> assertThat(refused.kind()).isEqualTo(Cause.TOO_MANY))
        .withMessageContaining("8 readers already");

    sinks.get(3).leave();
    Await.until("a place", sinks.get(3)::isEnded);
    bed.read(TraceModule.CONNECT);
  }

  @Test
  void duration_over_endsByItself() {
    CollectingSink sink = bed.read(TraceModule.STATES, EVERYTHING, Duration.ofMillis(200));

    Await.until("the end", sink::isEnded);
    assertThat(sink.lastTotals().ended()).isEmpty();
  }

  @Test
  void rate_exceeded_isShedAndCounted() {
    bed.close();
    bed = new TraceBed(FEW);
    CollectingSink sink = bed.read(TraceModule.CONNECT);
    int connects = 60;
    for (int i = 0; i < connects; i++) {
      bed.tryConnect("127.0.0.1", CLOSED_PORT, TraceBed.LIMIT);
    }
    TraceEvent.Totals totals =
        sink.await(TraceEvent.Totals.class, told -> told.matched() == connects);
    int rows = sink.all(TraceEvent.Connect.class).size();

    assertThat(totals.shed()).isPositive();
    assertThat(rows + totals.shed() + totals.lost()).isEqualTo(connects);
  }

  @Test
  void reader_thatJoins_isNotToldOfWhatWasMissingBefore() {
    bed.close();
    bed = new TraceBed(FEW);
    CollectingSink first = bed.read(TraceModule.CONNECT);
    for (int i = 0; i < 60; i++) {
      bed.tryConnect("127.0.0.1", CLOSED_PORT, TraceBed.LIMIT);
    }
    first.await(TraceEvent.Totals.class, told -> told.matched() == 60);

    CollectingSink second = bed.read(TraceModule.CONNECT);
    second.await(TraceEvent.Totals.class, told -> second.all(TraceEvent.Totals.class).size() >= 2);

    assertThat(first.lastTotals().shed()).isPositive();
    assertThat(second.all(TraceEvent.Totals.class))
        .allSatisfy(told -> assertThat(HttpRows.missing(told)).isZero());
  }

  @Test
  void hub_closed_endsReadersAndDetaches() {
    Set<Integer> before = TraceBed.attached();
    CollectingSink sink = bed.read(TraceModule.RTT);
    bed.hub.close();

    assertThat(news(before)).isZero();
    assertThat(sink.isEnded()).isTrue();
    assertThat(sink.lastTotals().ended()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECT, 4194305, '', '', NOT_FOUND",
    "CONNECT, 0, nowhere, '', NOT_FOUND",
    "STATES, 0, '', /no/such/cgroup, NOT_FOUND",
    "RTT, 1, '', '', INVALID",
    "PROFILE, 4194305, '', '', NOT_FOUND",
  })
  void filter_namesWhatIsNotThere_isRefusedAndNothingAttached(
      TraceModule module, int pid, String netns, String cgroup, Cause cause) {
    Set<Integer> before = TraceBed.attached();

    assertThatExceptionOfType(TraceRefusedException.class)
        .isThrownBy(
            () -> bed.read(module, new TraceQuery.Filter(0, pid, netns, cgroup), Duration.ZERO))
        .satisfies(refused -> assertThat(refused.kind()).isEqualTo(cause));
    assertThat(news(before)).isZero();
  }
}
