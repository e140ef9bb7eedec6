package dev.shunt.e2e.bench.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.bench.Machine;
import dev.shunt.e2e.bench.telemetry.TelemetryPair.Slice;
import dev.shunt.observe.trace.TraceModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TelemetryReportTest {
  private static final TelemetryCell CELL =
      TelemetryCell.of(TraceModule.CONNECT, TelemetryTraffic.KEEP_ALIVE);
  private static final double[] BELOW = {0.95, 0.96, 0.94, 0.97, 0.95, 0.96, 0.95};

  private static TelemetryReport report(TelemetryCell cell, double... requestsRatios) {
    List<TelemetryPair> pairs =
        DoubleStream.of(requestsRatios)
            .mapToObj(
                ratio ->
                    new TelemetryPair(
                        new Slice(10_000, 10_000, 50),
                        new Slice(10_000, 10_000 * ratio, 50 / ratio),
                        7,
                        0))
            .toList();
    return new TelemetryReport(Map.of(cell, pairs));
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

    assertThat(TelemetryPage.updated(page, report(CELL, BELOW), machine))
        .startsWith("before\n<!--")
        .endsWith("-->\nafter\n")
        .contains("7 rounds on a CPU, 2 CPUs, Linux 6.18, 1970-01-01")
        .contains("| `connect` | keep-alive | 10,000 | 0.950 (0.940-0.970) | 1.053 (1.031-1.064)")
        .doesNotContain("old");
  }
}
