package dev.shunt.agent.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.agent.trace.StandingSource;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.desired.telemetry.TelemetryModule;
import dev.shunt.observe.TelemetryStatus;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceSink;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StandingTracesTest {
  private static final String REFUSED = "no hook";
  private static final int E2BIG = 7;

  /** A trace that was opened. */
  private static final class Opened implements StandingSource.Choice {
    final TraceModule module;
    final TraceSink sink;
    Map<Long, Integer> seen = Map.of();
    int changes;
    Optional<RuntimeException> failure = Optional.empty();

    Opened(TraceModule module, TraceSink sink) {
      this.module = module;
      this.sink = sink;
    }

    @Override
    public void see(Map<Long, Integer> percents) {
      changes++;
      failure.ifPresent(
          failed -> {
            throw failed;
          });
      seen = Map.copyOf(percents);
    }
  }

  private final List<Opened> opened = new ArrayList<>();
  private final List<TraceEvent> told = new ArrayList<>();
  private Map<TraceModule, Map<Long, Integer>> wanted = Map.of();
  private boolean refuses;
  private boolean oddly;
  private int tries;
  private long now;
  private final StandingTraces traces =
      new StandingTraces(this::stand, () -> wanted, module -> new KeepingSink());

  private final class KeepingSink implements TraceSink {
    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public boolean hasLeft() {
      return false;
    }

    @Override
    public void event(TraceEvent event) {
      told.add(event);
    }

    @Override
    public void end() {
      // told by its source
    }
  }

  private StandingSource.Choice stand(TraceModule module, TraceSink sink) {
    tries++;
    if (refuses) {
      throw new TraceRefusedException(TraceRefusedException.Cause.UNSUPPORTED, REFUSED);
    }
    if (oddly) {
      throw new UnsupportedOperationException("odd");
    }
    Opened trace = new Opened(module, sink);
    opened.add(trace);
    sink.event(totals(40, 4, ""));
    return trace;
  }

  private static TraceEvent.Totals totals(long shed, long unsampled, String ended) {
    return new TraceEvent.Totals("hook", 0, 0, shed, 0, 0, 0, unsampled, ended);
  }

  private void pass(Duration later) {
    now += later.toNanos();
    traces.pass(now);
  }

  private void pass() {
    pass(Duration.ZERO);
  }

  private TelemetryStatus status() {
    assertThat(traces.status()).hasSize(1);
    return traces.status().get(0);
  }

  @Test
  void modules_ofPoliciesAndOfTraces_haveTheSameNames() {
    assertThat(TelemetryModule.values())
        .extracting(TelemetryModule::toString)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(TraceModule.values())
                .filter(module -> module != TraceModule.HTTP_TLS) // costs too much to stand
                .filter(module -> module != TraceModule.PROFILE) // nobody would read the stacks
                .map(TraceModule::toString)
                .toList());
  }

  @Test
  void pass_nothingWanted_opensNothing() {
    pass();

    assertThat(tries).isZero();
    assertThat(traces.status()).isEmpty();
  }

  @Test
  void pass_wanted_oneTraceForAllNamespaces() {
    wanted = Map.of(TraceModule.HTTP, Map.of(1L, 100, 2L, 10));
    pass();
    pass();

    assertThat(opened).hasSize(1);
    assertThat(opened.get(0).module).isEqualTo(TraceModule.HTTP);
    assertThat(opened.get(0).seen).isEqualTo(Map.of(1L, 100, 2L, 10));
    assertThat(opened.get(0).changes).isEqualTo(1);
    assertThat(status().namespaces()).isEqualTo(2);
    assertThat(status().hook()).isEqualTo("hook");
    assertThat(status().complete()).isTrue();
  }

  @Test
  void pass_wantedElsewhere_choosesWithoutAnotherTrace() {
    wanted = Map.of(TraceModule.RTT, Map.of(1L, 100));
    pass();
    wanted = Map.of(TraceModule.RTT, Map.of(2L, 100));
    pass();

    assertThat(opened).hasSize(1);
    assertThat(opened.get(0).seen).isEqualTo(Map.of(2L, 100));
  }

  @Test
  void pass_notWantedAnyMore_leavesAndKeepsItsCounts() {
    wanted = Map.of(TraceModule.RTT, Map.of(1L, 100));
    pass();
    opened.get(0).sink.event(new TraceEvent.Notice("read this"));
    opened.get(0).sink.event(new TraceEvent.Profile(Instant.EPOCH, List.of()));
    opened.get(0).sink.event(totals(45, 6, ""));
    wanted = Map.of();
    pass();

    assertThat(opened.get(0).sink.hasLeft()).isTrue();
    assertThat(status())
        .isEqualTo(
            new TelemetryStatus("rtt", 0, "", "", new TelemetryStatus.Counts(1, 5, 0, 0, 0, 0, 2)));
    assertThat(told).as("all of it went on").hasSize(4);
    assertThat(status().complete()).isTrue();
  }

  @Test
  void pass_refused_triesAgainLessAndLessOften() {
    refuses = true;
    wanted = Map.of(TraceModule.TLS, Map.of(1L, 100));
    pass();
    pass(Duration.ofMillis(900));
    assertThat(tries).isEqualTo(1);
    assertThat(status().error()).isEqualTo(REFUSED + "; it is tried again");
    assertThat(status().complete()).isFalse();

    pass(Duration.ofMillis(100));
    assertThat(tries).isEqualTo(2);
    pass(Duration.ofMillis(1900));
    assertThat(tries).isEqualTo(2);
    refuses = false;
    pass(Duration.ofMillis(100));

    assertThat(opened).hasSize(1);
    assertThat(status().error()).isEmpty();
    assertThat(status().complete()).isTrue();
  }

  @Test
  void pass_refusedAndNotWantedAnyMore_forgetsIt() {
    refuses = true;
    wanted = Map.of(TraceModule.TLS, Map.of(1L, 100));
    pass();
    wanted = Map.of();
    pass();
    assertThat(status().error()).isEmpty();

    refuses = false;
    wanted = Map.of(TraceModule.TLS, Map.of(1L, 100));
    pass();
    assertThat(opened).as("at once").hasSize(1);
  }

  @Test
  void pass_traceHasEnded_isOpenedAgainAfterAPause() {
    wanted = Map.of(TraceModule.JVM, Map.of(1L, 100));
    pass();
    opened.get(0).sink.event(totals(0, 0, "it broke"));
    opened.get(0).sink.end();
    pass();
    assertThat(opened).hasSize(1);
    assertThat(status().error()).startsWith("trace jvm has ended: it broke;");
    assertThat(status().counts()).as("sums do not fall").isEqualTo(TelemetryStatus.Counts.NONE);

    pass(Duration.ofSeconds(1));
    assertThat(opened).hasSize(2);
    assertThat(opened.get(1).seen).isEqualTo(Map.of(1L, 100));
    assertThat(status().error()).isEmpty();
  }

  @Test
  void pass_noRoomForAllNamespaces_isToldAndWrittenAgain() {
    wanted = Map.of(TraceModule.CONNECT, Map.of(1L, 100));
    pass();
    wanted = Map.of(TraceModule.CONNECT, Map.of(1L, 100, 2L, 100));
    opened.get(0).failure = Optional.of(new BpfException("update map", "chosen", E2BIG));
    pass();
    assertThat(status().error()).startsWith("choose 2 network namespaces of trace connect failed");
    assertThat(opened.get(0).sink.hasLeft()).as("the rest is seen").isFalse();

    opened.get(0).failure = Optional.empty();
    pass(Duration.ofSeconds(1));
    assertThat(opened.get(0).seen).isEqualTo(Map.of(1L, 100, 2L, 100));
    assertThat(status().complete()).isTrue();
  }

  @Test
  void pass_noRoomAndSomeAreToGo_takesThemOutAtOnce() {
    wanted = Map.of(TraceModule.CONNECT, Map.of(1L, 100, 2L, 100));
    pass();
    wanted = Map.of(TraceModule.CONNECT, Map.of(1L, 100, 2L, 100, 3L, 100));
    opened.get(0).failure = Optional.of(new BpfException("update map", "chosen", E2BIG));
    pass();
    opened.get(0).failure = Optional.empty();
    pass();
    assertThat(opened.get(0).changes).as("nothing to take out: it waits").isEqualTo(2);

    wanted = Map.of(TraceModule.CONNECT, Map.of(1L, 100, 3L, 100));
    pass();
    assertThat(opened.get(0).seen).isEqualTo(Map.of(1L, 100, 3L, 100));
    assertThat(status().complete()).isTrue();
  }

  @Test
  void pass_oddFailure_isToldAndDoesNotEndTheOthers() {
    oddly = true;
    wanted = Map.of(TraceModule.CONNECT, Map.of(1L, 100));
    pass();

    assertThat(status().error())
        .isEqualTo("java.lang.UnsupportedOperationException: odd; it is tried again");
    oddly = false;
    pass(Duration.ofSeconds(1));
    assertThat(status().complete()).isTrue();
  }

  @Test
  void pass_changedTraceHasEndedMeanwhile_isOpenedAgain() {
    wanted = Map.of(TraceModule.CONNECT, Map.of(1L, 100));
    pass();
    opened.get(0).failure = Optional.of(new IllegalStateException("it has ended"));
    wanted = Map.of(TraceModule.CONNECT, Map.of(2L, 100));
    pass();
    pass(Duration.ofSeconds(1));

    assertThat(opened).hasSize(2);
    assertThat(opened.get(1).seen).isEqualTo(Map.of(2L, 100));
  }

  @Test
  void close_open_leaves() {
    wanted = Map.of(TraceModule.CONNECT, Map.of(1L, 100));
    pass();
    traces.close();

    assertThat(opened.get(0).sink.hasLeft()).isTrue();
  }
}
