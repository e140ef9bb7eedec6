package dev.shunt.e2e.bench.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.bench.telemetry.TelemetryPair.Slice;
import dev.shunt.observe.trace.TraceModule;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class TelemetryReportTest {
  private static final TelemetryCell CELL =
      new TelemetryCell(TraceModule.CONNECT, TelemetryTraffic.KEEP_ALIVE);

  private static TelemetryReport report(double... requestsRatios) {
    List<TelemetryPair> pairs =
        DoubleStream.of(requestsRatios)
            .mapToObj(
                ratio ->
                    new TelemetryPair(
                        new Slice(10_000, 50), new Slice(10_000 * ratio, 50 / ratio), 7, 0))
            .toList();
    return new TelemetryReport(Map.of(CELL, pairs));
  }

  @Test
  void goal_everyPairAboveTheBound_isMet() {
    TelemetryReport report = report(0.995, 1.0, 1.001, 0.998, 1.002, 0.999, 1.0);

    assertThat(report.noGoalMissed()).isTrue();
    assertThat(report.text()).contains("connect", "keep-alive", "10000", " met\n");
  }

  @Test
  void goal_someBelowAndSomeAbove_isWithinNoise() {
    TelemetryReport report = report(0.95, 1.04, 0.99, 1.01, 0.97, 1.02, 1.0);

    assertThat(report.noGoalMissed()).isTrue();
    assertThat(report.text()).contains("within noise");
  }

  @Test
  void goal_everyPairBelowTheBound_isMissed() {
    TelemetryReport report = report(0.95, 0.96, 0.94, 0.97, 0.95, 0.96, 0.95);

    assertThat(report.noGoalMissed()).isFalse();
    assertThat(report.text()).contains("0.950 (0.940-0.970)", "1.053", "missed");
    assertThat(report.document().toString()).contains("goal=missed", "on_over_off=0.95");
  }
}
