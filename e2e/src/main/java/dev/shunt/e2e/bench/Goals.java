package dev.shunt.e2e.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What Shunt promises of its cells. Pure. */
final class Goals {
  private static final Pattern PINGPONG_UP_TO_64K =
      Pattern.compile("pingpong/(1B|64B|1KB|4KB|16KB|64KB)/1c");
  private static final double PINGPONG_P50 = 0.75;
  private static final double PINGPONG_CPU = 0.72;
  private static final double POD_TO_POD_P50 = 0.65;
  private static final double HAPROXY_CHAIN_RATE = 1.6;

  private Goals() {}

  /** All goals that the measured cells have a say in. */
  static List<GoalResult> judge(List<CellResult> results) {
    List<GoalResult> goals = new ArrayList<>();
    for (CellResult result : results) {
      if (result.variant().equals(Variant.SHUNT)) {
        neverSlower(result, goals);
        faster(result, goals);
      }
    }
    return List.copyOf(goals);
  }

  private static void neverSlower(CellResult result, List<GoalResult> goals) {
    atLeast(result, "rate", result.ratioRate(), 1 - result.noise(Sample::rate), goals);
    atMost(result, "cpu", result.ratioCpu(), 1 + result.noise(Sample::cpuMicros), goals);
  }

  private static void faster(CellResult result, List<GoalResult> goals) {
    if (matches(PINGPONG_UP_TO_64K).test(result.cell())) {
      atMost(result, "p50", result.ratioP50(), PINGPONG_P50, goals);
      atMost(result, "cpu gain", result.ratioCpu(), PINGPONG_CPU, goals);
    }
    if (result.cell().startsWith("pod-to-pod/pingpong/")) {
      atMost(result, "p50", result.ratioP50(), POD_TO_POD_P50, goals);
    }
    if (result.cell().startsWith("chain/haproxy/http1/") && result.cell().endsWith("/1KB/16c")) {
      atLeast(result, "rate gain", result.ratioRate(), HAPROXY_CHAIN_RATE, goals);
    }
  }

  private static Predicate<String> matches(Pattern pattern) {
    return pattern.asMatchPredicate();
  }

  private static void atLeast(
      CellResult result,
      String measure,
      Optional<Double> value,
      double bound,
      List<GoalResult> goals) {
    value.ifPresent(v -> goals.add(new GoalResult(name(result, measure), v >= bound, v, bound)));
  }

  private static void atMost(
      CellResult result,
      String measure,
      Optional<Double> value,
      double bound,
      List<GoalResult> goals) {
    value.ifPresent(v -> goals.add(new GoalResult(name(result, measure), v <= bound, v, bound)));
  }

  private static String name(CellResult result, String measure) {
    return result.cell() + " " + measure;
  }
}
