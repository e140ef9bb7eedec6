package dev.shunt.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.SceneException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BenchRunnerTest {
  private static final Set<Variant> BOTH = Set.of(Variant.PLAIN, Variant.SHUNT);

  private final StringWriter said = new StringWriter();

  /** A cell of an imaginary machine on which everything takes the same time. */
  private record SteadyCell(String name) implements BenchCell {
    @Override
    public int rounds() {
      return 3;
    }

    @Override
    public Set<Variant> variants(Set<Variant> wanted) {
      return wanted;
    }

    @Override
    public CellRun open(Set<Variant> variants) {
      return new CellRun() {
        @Override
        public Sample drive(Variant variant) {
          if (name.contains("broken")) {
            throw new SceneException("drive " + name + " failed: no operation ended");
          }
          return Rounds.sample(1000, 100, 10);
        }

        @Override
        public void close() {}
      };
    }
  }

  @Test
  void run_oneCellFails_theOthersAreMeasuredAndItsGoalsAreMissed() {
    List<CellResult> results =
        new BenchRunner(
                new BenchPlan(
                    List.of(new SteadyCell("broken/1c"), new SteadyCell("connect/64B/1c")),
                    Duration.ZERO),
                BOTH,
                new BenchProgress(new PrintWriter(said), false))
            .run();

    assertThat(said.toString()).contains("drive broken/1c failed: no operation ended");
    assertThat(results).extracting(CellResult::cell).containsExactly("broken/1c", "connect/64B/1c");
    assertThat(Goals.judge(results))
        .extracting(goal -> goal.name() + " " + goal.state())
        .containsExactly(
            "broken/1c rate missed",
            "broken/1c cpu missed",
            "connect/64B/1c rate met",
            "connect/64B/1c cpu met");
  }
}
