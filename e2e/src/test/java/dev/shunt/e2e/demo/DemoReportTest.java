package dev.shunt.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoReportTest {
  private static final DemoOptions OPTIONS = new DemoOptions(3, 4, 16, 1024);

  private static RunSample sample(long requests, long p50Micros, long cpuMicros) {
    return new RunSample(requests, 4_000_000, p50Micros, 2 * p50Micros, cpuMicros, 0, 0);
  }

  /** The machine gets slower from round to round: ratios of medians would hide a lost round. */
  private static final List<DemoRound> ROUNDS =
      List.of(
          new DemoRound(sample(100_000, 600, 8_000_000), sample(200_000, 300, 8_000_000)),
          new DemoRound(sample(80_000, 800, 8_000_000), sample(120_000, 600, 6_000_000)),
          new DemoRound(sample(40_000, 900, 8_000_000), sample(44_000, 810, 8_800_000)));

  @Test
  void ratio_rounds_isMedianOfPairRatios() {
    DemoReport report = new DemoReport(OPTIONS, ROUNDS, NodeStats.NONE, 0);

    assertThat(report.ratio(DemoRound::ratioRequests)).isEqualTo(1.5, within(1e-9));
    assertThat(report.ratio(DemoRound::ratioP50)).isEqualTo(0.75, within(1e-9));
    assertThat(report.ratio(DemoRound::ratioCpu)).isEqualTo(0.5, within(1e-9));
    assertThat(report.lowest(DemoRound::ratioRequests)).isEqualTo(1.1, within(1e-9));
    assertThat(report.highest(DemoRound::ratioRequests)).isEqualTo(2.0, within(1e-9));
  }

  @Test
  void plainAndAccelerated_rounds_areMediansOfTheirRuns() {
    DemoReport report = new DemoReport(OPTIONS, ROUNDS, NodeStats.NONE, 0);

    assertThat(report.plain(RunSample::requestsPerSecond)).isEqualTo(20_000, within(1e-6));
    assertThat(report.accelerated(RunSample::requestsPerSecond)).isEqualTo(30_000, within(1e-6));
    assertThat(report.plain(RunSample::cpuMicrosPerRequest)).isEqualTo(100, within(1e-6));
  }

  @Test
  void shareRedirected_deviceBytes_allCountAsPassed() {
    NodeStats stats = new NodeStats(960, 10, 1, 0, Map.of());

    assertThat(new DemoReport(OPTIONS, ROUNDS, stats, 40).shareRedirected())
        .isEqualTo(0.96, within(1e-9));
  }

  @Test
  void shareRedirected_nodePassedMore_nodeCounts() {
    NodeStats stats = new NodeStats(900, 100, 1, 0, Map.of());

    assertThat(new DemoReport(OPTIONS, ROUNDS, stats, 40).shareRedirected())
        .isEqualTo(0.9, within(1e-9));
  }

  @Test
  void shareRedirected_noTraffic_isZero() {
    assertThat(new DemoReport(OPTIONS, ROUNDS, NodeStats.NONE, 0).shareRedirected()).isZero();
  }
}
