package dev.shunt.e2e.bench;

import dev.shunt.e2e.bench.GoalResult.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What Shunt promises of its cells. Pure. */
final class Goals {
  private static final Pattern PINGPONG_UP_TO_64K =
      Pattern.compile("pingpong/(1B|64B|1KB|4KB|16KB|64KB)/1c/1cpu");
  private static final double PINGPONG_P50 = 0.75;
  private static final double PINGPONG_CPU = 0.72;
  private static final double POD_TO_POD_P50 = 0.65;
  private static final double HAPROXY_CHAIN_RATE = 1.6;

  private static final double NO_LOSS = 1;

  /** Nothing finer is repeatable on a machine that does other things too. */
  private static final double REPEATABLE = 0.01;

  /** A loss that a user would notice: it has to be excluded. */
  private static final double NOTICEABLE = 0.05;

  private Goals() {}

  /** All goals that the measured cells have a say in. */
  static List<GoalResult> judge(List<CellResult> results) {
    return results.stream().flatMap(result -> judge(result).stream()).toList();
  }

  /** The goals of one cell; none for any variant but Shunt. */
  static List<GoalResult> judge(CellResult result) {
    List<GoalResult> goals = new ArrayList<>();
    if (result.variant().equals(Variant.SHUNT)) {
      neverSlower(result, goals);
      faster(result, goals);
    }
    return List.copyOf(goals);
  }

  /** Whether more rounds could change the judgement of a cell. */
  static boolean isSettled(CellResult result) {
    return judge(result).stream().allMatch(Goals::isSettled);
  }

  private static boolean isSettled(GoalResult goal) {
    return switch (goal.state()) {
      case UNDECIDED -> false;
      // looked at again and again, chance alone would show a loss once
      case MISSED -> goal.bound() != NO_LOSS && isBeyondDoubt(goal);
      case MET -> goal.bound() == NO_LOSS || isBeyondDoubt(goal);
    };
  }

  private static boolean isBeyondDoubt(GoalResult goal) {
    return goal.value().filter(goal::straddles).isEmpty();
  }

  private static void neverSlower(CellResult result, List<GoalResult> goals) {
    Optional<Estimate> rate = result.rate();
    Optional<Estimate> cpu = result.cpu();
    State quick = rate.map(v -> neverBelow(v.low(), v.high())).orElse(State.MISSED);
    State cheap = cpu.map(v -> neverBelow(1 / v.high(), 1 / v.low())).orElse(State.MISSED);
    goals.add(new GoalResult(result.cell() + " rate", quick, rate, NO_LOSS));
    goals.add(new GoalResult(result.cell() + " cpu", cheap, cpu, NO_LOSS));
  }

  private static State neverBelow(double low, double high) {
    if (high < 1 - REPEATABLE) {
      return State.MISSED;
    }
    return low < 1 - NOTICEABLE ? State.UNDECIDED : State.MET;
  }

  private static void faster(CellResult result, List<GoalResult> goals) {
    if (PINGPONG_UP_TO_64K.matcher(result.cell()).matches()) {
      goals.add(atMost(result, "p50", result.p50(), PINGPONG_P50));
      goals.add(atMost(result, "cpu gain", result.cpu(), PINGPONG_CPU));
    }
    if (result.cell().startsWith("pod-to-pod/pingpong/")) {
      goals.add(atMost(result, "p50", result.p50(), POD_TO_POD_P50));
    }
    if (result.cell().startsWith("chain/haproxy/http1/") && result.cell().endsWith("/1KB/16c")) {
      State state = state(result.rate().filter(v -> v.median() >= HAPROXY_CHAIN_RATE));
      goals.add(
          new GoalResult(result.cell() + " rate gain", state, result.rate(), HAPROXY_CHAIN_RATE));
    }
  }

  private static GoalResult atMost(
      CellResult result, String measure, Optional<Estimate> value, double bound) {
    State state = state(value.filter(v -> v.median() <= bound));
    return new GoalResult(result.cell() + " " + measure, state, value, bound);
  }

  private static State state(Optional<Estimate> kept) {
    return kept.isPresent() ? State.MET : State.MISSED;
  }
}
