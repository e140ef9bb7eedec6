package dev.shunt.e2e.bench.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.libbpf.ProgramUsage;
import dev.shunt.e2e.bench.Estimate;
import dev.shunt.e2e.bench.Machine;
import dev.shunt.e2e.bench.telemetry.TelemetryPair.Slice;
import dev.shunt.observe.trace.TraceModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TelemetryReportTest {
  private static final TelemetryCell CELL =
      TelemetryCell.of(TraceModule.CONNECT, TelemetryTraffic.KEEP_ALIVE);
  private static final double[] BELOW = {0.95, 0.96, 0.94, 0.97, 0.95, 0.96, 0.95};

  private static final double[] NOISE = {0.95, 1.04, 0.99, 1.01, 0.97, 1.02, 1.0};

  /** A tick of a clock takes 100 ns. */
  private static final LeadCosts LEADS =
      new LeadCosts(Map.of(Lead.CLOCK, new Estimate(100, 90, 140)), "");

  private static TelemetryReport report(TelemetryCell cell, double... requestsRatios) {
    return report(cell, Optional.empty(), requestsRatios);
  }

  /** Of a request, 50 us without the module. */
  private static TelemetryReport report(
      TelemetryCell cell, Optional<CountedSlice> counted, double... requestsRatios) {
    List<TelemetryPair> pairs =
        DoubleStream.of(requestsRatios)
            .mapToObj(
                ratio ->
                    new TelemetryPair(
                        new Slice(10_000, 10_000, 50, 0.5),
                        new Slice(10_000, 10_000 * ratio, 50 / ratio, 0.6),
                        7,
                        0,
                        counted))
            .toList();
    return new TelemetryReport(Map.of(cell, pairs), LEADS, "");
  }

  /** Two runs a request; 40 ns of each are of the clock. */
  private static Optional<CountedSlice> counted(String type, long nanosPerRun) {
    ProgramUsage usage = new ProgramUsage(20_000 * (nanosPerRun + 40), 20_000);
    return Optional.of(
        new CountedSlice(10_000, 40, List.of(new CountedSlice.Program("sees", type, usage))));
  }

  @Test
  void goal_undecidedByPairsAndCountedBelow_isMetByCount() {
    TelemetryReport report = report(CELL, counted("tracing", 100), NOISE);

    assertThat(report.noGoalMissed()).isTrue();
    assertThat(report.text())
        .contains("under 1 %: met (counted 0.6 %)")
        .contains(
            "2.00  100 ns    0.20 us, 0.4 %  0.00 us, 0.0 %  0.10 us, 0.2 %  0.6 % (0.6 to 0.6)")
        .contains("less the 40 ns a run");
    assertThat(report.document().toString()).contains("goal=met, goal_by=count", "at_least=false");
  }

  @Test
  void goal_undecidedByPairsAndCountedAbove_isMissedByCount() {
    TelemetryReport report = report(CELL, counted("tracing", 300), NOISE);

    assertThat(report.noGoalMissed()).isFalse();
    assertThat(report.text()).contains("under 1 %: missed (counted 1.4 %)");
  }

  @Test
  void goal_decidedByPairs_isNotDecidedByCount() {
    TelemetryReport report = report(CELL, counted("tracing", 100), BELOW);

    assertThat(report.text()).contains("under 1 %: missed\n");
    assertThat(report.document().toString()).contains("goal=missed, goal_by=pairs");
  }

  @Test
  void goal_countedBelowButForTrapsThatAreNotKnown_staysUndecided() {
    assertThat(report(CELL, counted("kprobe", 100), NOISE).text())
        .contains("under 1 %: undecided (counted >0.6 %)", ">0.6 % (0.6 to 0.6)")
        .contains(">0.00 us, >0.0 %");
    assertThat(report(CELL, counted("kprobe", 300), NOISE).text())
        .contains("under 1 %: missed (counted >1.4 %)");
  }

  /** Two ticks a request are 0.2 us of 50, with an interval of 0.18 to 0.28. */
  @Test
  void goal_countedBelowWithInterruptsThatAreKnown_isMet() {
    TelemetryReport report = report(CELL, counted("perf_event", 50), NOISE);

    assertThat(report.text())
        .contains("under 1 %: met (counted 0.8 %)")
        .contains("0.10 us, 0.2 %  0.20 us, 0.4 %  0.10 us, 0.2 %  0.8 % (0.8 to 1.0)")
        .contains("a clock's interrupt 100 ns (90 to 140)");
    assertThat(report.document().toString())
        .contains("at_least=false", "lead=clock", "traps={clock={median=100.0, low=90.0")
        .contains("traps_not_measured=null");
  }

  @Test
  void goal_withinWhatInterruptsMayCost_isUndecided() {
    assertThat(report(CELL, counted("perf_event", 100), NOISE).text())
        .contains("under 1 %: undecided (counted 1.0 %)");
  }

  @Test
  void goal_missedWithInterruptsAlone_isMissed() {
    assertThat(report(CELL, counted("perf_event", 130), NOISE).text())
        .contains("under 1 %: missed (counted 1.1 %)");
  }

  @Test
  void leads_notMeasured_areSaidAndKeepTheBound() {
    TelemetryReport measured = report(CELL, counted("perf_event", 100), NOISE);
    TelemetryReport report =
        new TelemetryReport(measured.pairs(), LeadCosts.none("build failed"), "");

    assertThat(report.text())
        .contains("under 1 %: undecided (counted >0.6 %)")
        .contains("What leads to programs was not measured: build failed;");
    assertThat(report.document().toString())
        .contains("at_least=true", "traps={}", "traps_not_measured=build failed");
  }

  @Test
  void goal_countedInTooFewRounds_isUndecided() {
    assertThat(report(CELL, counted("tracing", 900), 1.0, 1.0).text())
        .contains("under 1 %: undecided (counted 3.8 %)");
  }

  @Test
  void count_refused_isSaidOnceAndDecidesNothing() {
    TelemetryReport counted = report(CELL, NOISE);
    TelemetryReport report =
        new TelemetryReport(counted.pairs(), LEADS, "enable statistics failed");

    assertThat(report.text())
        .contains("under 1 %: undecided\n")
        .endsWith("\nPrograms were not counted: enable statistics failed.\n");
    assertThat(report.document().toString())
        .contains("counted=null", "not_counted=enable statistics failed");
  }

  @Test
  void goal_everyPairAboveTheBound_isMet() {
    TelemetryReport report = report(CELL, 0.995, 1.0, 1.001, 0.998, 1.002, 0.999, 1.0);

    assertThat(report.noGoalMissed()).isTrue();
    assertThat(report.text()).contains("connect", "keep-alive", "10000", "under 1 %: met\n");
  }

  @Test
  void goal_someBelowAndSomeAbove_isUndecided() {
    TelemetryReport report = report(CELL, 0.95, 1.04, 0.99, 1.01, 0.97, 1.02, 1.0);

    assertThat(report.noGoalMissed()).isTrue();
    assertThat(report.text()).contains("under 1 %: undecided");
  }

  @Test
  void goal_afterTooFewRounds_isUndecided() {
    assertThat(report(CELL, 0.5, 0.5, 0.5, 0.5, 0.5).text()).contains("under 1 %: undecided");
    assertThat(report(CELL, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5).text()).contains("under 1 %: missed");
  }

  @Test
  void goal_everyPairBelowTheBound_isMissed() {
    TelemetryReport report = report(CELL, BELOW);

    assertThat(report.noGoalMissed()).isFalse();
    assertThat(report.text()).contains("0.950 (0.940-0.970)", "1.053", "missed");
    assertThat(report.document().toString()).contains("goal=missed", "on_over_off=0.95");
  }

  @Test
  void cell_withoutAGoal_missesNone() {
    TelemetryCell cell = TelemetryCell.of(TraceModule.HTTP, TelemetryTraffic.KEEP_ALIVE);
    TelemetryReport report = report(cell, BELOW);

    assertThat(report.noGoalMissed()).isTrue();
    assertThat(report.document().toString()).contains("goal_percent=null", "goal=null");
  }

  @Test
  void cells_all_haveEachModuleAndTheGoalsOfItsTraffic() {
    assertThat(TelemetryCell.all()).doesNotHaveDuplicates();
    assertThat(TelemetryCell.all())
        .flatExtracting(cell -> cell.module().stream().toList())
        .contains(TraceModule.values());
    assertThat(TelemetryCell.of(TraceModule.HTTP, TelemetryTraffic.ACCELERATED).goalPercent())
        .isEqualTo(OptionalInt.of(5));
    assertThat(TelemetryCell.IDLE_NODE)
        .allSatisfy(cell -> assertThat(cell.goalPercent()).isEqualTo(OptionalInt.of(1)));
  }

  @Test
  void page_withAnOlderResult_hasTheNewOneInItsPlace(@TempDir Path directory) throws IOException {
    Path page = directory.resolve("telemetry.md");
    Files.writeString(
        page,
        "before\n"
            + TelemetryPage.SECTION.begin()
            + "\nold\n"
            + TelemetryPage.SECTION.end()
            + "\nafter\n");
    Machine machine = new Machine("a CPU", 2, 100, "6.18", "17", "1", Instant.EPOCH);

    assertThat(TelemetryPage.updated(page, report(CELL, counted("tracing", 100), BELOW), machine))
        .startsWith("before\n<!--")
        .endsWith("-->\nafter\n")
        .contains("7 rounds on a CPU, 2 CPUs, Linux 6.18, 1970-01-01")
        .contains("| `connect` | keep-alive | 10,000 | 0.950 (0.940-0.970) | 1.053 (1.031-1.064)")
        .contains(
            " | 0.20 us, 0.4 % | 0.00 us, 0.0 % | 0.10 us, 0.2 % | 0.6 % (0.6 to 0.6) | under 1 %: missed |")
        .doesNotContain("old");
  }
}
