package dev.shunt.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.SceneRequirements;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The demo with the real node: what it promises whatever else the machine does. */
class AcceleratedDemoIT {
  private final StringWriter err = new StringWriter();
  private final DemoProgress progress = new DemoProgress(new PrintWriter(err));

  @BeforeEach
  void requireHost() {
    SceneRequirements.check();
  }

  @Test
  void measure_realNode_redirectsNearlyAllOfEveryHopAndLeavesNothing() {
    DemoRun run = new DemoRun(new DemoOptions(2, 1, 16, 1024), ChildNode::new, progress);

    DemoReport report = run.measure();

    assertThat(report.shareRedirected()).as(err.toString()).isGreaterThan(0.95);
    // the kernel's own count, of which Shunt knows nothing: bytes that still crossed a device
    assertThat(report.accelerated(RunSample::deviceBytesPerRequest))
        .isLessThan(report.plain(RunSample::deviceBytesPerRequest) / 20);
    assertThat(report.stats().messagesRedirected()).isPositive();
    assertThat(run.remains()).isEmpty();
  }

  @Test
  void measure_oneConnection_redirectsNearlyAllOfEveryHop() {
    DemoRun run = new DemoRun(new DemoOptions(1, 1, 1, 1024), ChildNode::new, progress);

    assertThat(run.measure().shareRedirected()).as(err.toString()).isGreaterThan(0.95);
  }
}
