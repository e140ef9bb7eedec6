package dev.shunt.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.e2e.scene.SceneException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class DemoRunIT {
  private final StringWriter err = new StringWriter();
  private final DemoProgress progress = new DemoProgress(new PrintWriter(err));

  @Test
  void measure_withoutNode_measuresTwoPlainChainsAndLeavesNothing() {
    DemoRun run = new DemoRun(new DemoOptions(2, 1, 4, 512), plan -> new AbsentNode(), progress);

    // measure() itself fails when anything of the scene remains
    DemoReport report = run.measure();

    assertThat(report.rounds()).hasSize(2);
    assertThat(report.plain(RunSample::cpuMicrosPerRequest)).isPositive();
    // three hops with a 512-byte body each; both chains on TCP must move the same bytes
    double plainBytes = report.plain(RunSample::deviceBytesPerRequest);
    double otherBytes = report.accelerated(RunSample::deviceBytesPerRequest);
    assertThat(plainBytes).isGreaterThan(3 * 512.0);
    assertThat(otherBytes / plainBytes).isBetween(0.95, 1.05);
    assertThat(report.shareRedirected()).isZero();
    assertThat(err.toString()).contains("round 2/2");
  }

  @Test
  void measure_nodeFails_saysSoAndLeavesNothing() {
    DemoRun run =
        new DemoRun(
            new DemoOptions(1, 1, 1, 1),
            plan -> {
              throw new SceneException("start node failed: refused in " + plan.name());
            },
            progress);

    assertThatThrownBy(run::measure)
        .isInstanceOf(SceneException.class)
        .hasMessageStartingWith("start node failed")
        .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
    assertThat(run.remains()).isEmpty();
  }
}
