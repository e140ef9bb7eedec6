package dev.shunt.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoalsTest {
  @ParameterizedTest
  @CsvSource({
    // cell, ratio of rate, ratio of CPU, goals missed
    "stream/1KB/1c, 1.00, 1.00, ''",
    "stream/1KB/1c, 0.995, 1.005, ''",
    "stream/1KB/1c, 0.97, 1.00, stream/1KB/1c rate",
    "stream/1KB/1c, 1.00, 1.02, stream/1KB/1c cpu",
    "stream/1KB/1c, 1.20, 1.05, stream/1KB/1c cpu",
    "pingpong/64KB/1c/1cpu, 1.40, 0.70, ''",
    "pingpong/64KB/1c/1cpu, 1.30, 0.70, pingpong/64KB/1c/1cpu p50",
    "pingpong/64KB/1c/1cpu, 1.40, 0.80, pingpong/64KB/1c/1cpu cpu gain",
    "pingpong/1MB/1c, 1.10, 0.90, ''",
    "pod-to-pod/pingpong/1KB/1c, 1.50, 0.70, pod-to-pod/pingpong/1KB/1c p50",
    "chain/haproxy/http1/redirect/1KB/16c, 1.59, 0.6,"
        + " chain/haproxy/http1/redirect/1KB/16c rate gain",
    "chain/envoy/http1/redirect/1KB/16c, 1.10, 0.9, ''",
  })
  void judge_oneCell_missesWhatItShould(String cell, double rate, double cpu, String missed) {
    List<GoalResult> goals = Goals.judge(List.of(Rounds.result(cell, cpu, rate)));

    assertThat(goals).hasSizeGreaterThanOrEqualTo(2);
    assertThat(goals.stream().filter(goal -> !goal.met()).map(GoalResult::name))
        .containsExactlyElementsOf(missed.isEmpty() ? List.of() : List.of(missed));
  }

  @Test
  void judge_otherVariants_haveNoGoals() {
    List<Round> rounds = Rounds.result("connect/64B/1c", 1, 1).rounds();

    assertThat(Goals.judge(List.of(new CellResult("connect/64B/1c", Variant.OBSERVE, rounds))))
        .isEmpty();
  }

  @Test
  void judge_noiseHidesALossThatMatters_undecidedAndNotSettled() {
    CellResult noisy = Rounds.result("stream/1KB/1c", 1, 0.9, 1.1, 0.85, 1.2, 1.0, 1.05, 0.9);

    assertThat(Goals.judge(noisy))
        .extracting(goal -> goal.name() + " " + goal.state())
        .containsExactly("stream/1KB/1c rate undecided", "stream/1KB/1c cpu met");
    assertThat(Goals.isSettled(noisy)).isFalse();
  }

  @Test
  void judge_everyRoundIsSlower_missedHoweverNoisy() {
    CellResult slower = Rounds.result("stream/1KB/1c", 1, 0.9, 0.7, 0.85, 0.95, 0.6, 0.9, 0.8);

    assertThat(Goals.judge(slower).get(0).state()).isEqualTo(GoalResult.State.MISSED);
    assertThat(Goals.isSettled(slower)).isFalse();
  }

  @Test
  void judge_gainAroundItsBound_countsByTheMedianAndIsNotSettled() {
    CellResult around =
        Rounds.result("pingpong/1KB/1c/1cpu", 0.6, 1.30, 1.36, 1.38, 1.40, 1.35, 1.37);

    assertThat(Goals.judge(around)).allMatch(GoalResult::met);
    assertThat(Goals.isSettled(around)).isFalse();
  }

  @Test
  void judge_nothingMeasured_missed() {
    assertThat(Goals.judge(new CellResult("pingpong/1KB/1c/1cpu", Variant.SHUNT, List.of())))
        .hasSize(4)
        .allMatch(GoalResult::missed);
  }

  @Test
  void report_withoutCells_isNoSuccess() {
    BenchReport nothing =
        new BenchReport(Machine.here("1.2.3"), "shunt bench", List.of(), List.of());

    assertThat(nothing.noGoalMissed()).isFalse();
  }
}
