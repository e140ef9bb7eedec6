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
    "stream/1KB/1c, 1.20, 1.05, stream/1KB/1c cpu",
    "pingpong/64KB/1c, 1.40, 0.70, ''",
    "pingpong/64KB/1c, 1.30, 0.70, pingpong/64KB/1c p50",
    "pingpong/64KB/1c, 1.40, 0.80, pingpong/64KB/1c cpu gain",
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
}
