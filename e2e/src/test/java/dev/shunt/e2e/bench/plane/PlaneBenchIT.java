package dev.shunt.e2e.bench.plane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The benchmark of the control plane on a small cluster: its parts work together. */
class PlaneBenchIT {
  @Test
  void measure_smallClusters_everyNodeAnswered() throws Exception {
    try (PlaneBench bench = new PlaneBench(new Effort(50, 40), line -> {})) {
      PlaneBenchReport report = bench.measure(List.of(5, 10), 4, List.of(2));

      assertThat(report.bySize()).hasSize(2);
      for (PlaneSample sample : report.bySize()) {
        assertThat(sample.edit().p99()).isPositive();
        assertThat(sample.edit().cpuMicros()).isPositive();
        assertThat(sample.pods().p50()).isPositive().isLessThanOrEqualTo(sample.pods().p99());
        assertThat(sample.peakMebibytes()).isPositive();
      }
      Map<String, Object> document = report.document("shunt bench control-plane");
      assertThat(document).containsKeys("machine", "goals", "by_size", "by_pods", "passed");
      assertThat(report.text()).contains("PEAK RSS");
    }
  }
}
