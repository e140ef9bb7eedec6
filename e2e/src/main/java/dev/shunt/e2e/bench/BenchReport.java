package dev.shunt.e2e.bench;

import java.util.List;

/**
 * What a benchmark found. Immutable.
 *
 * @param machine where it ran
 * @param command the command line, for whoever repeats it
 * @param results in the order they were measured
 * @param goals judged on them
 */
record BenchReport(
    Machine machine, String command, List<CellResult> results, List<GoalResult> goals) {
  BenchReport {
    results = List.copyOf(results);
    goals = List.copyOf(goals);
  }

  /** Whether something was measured and no goal was missed. */
  boolean noGoalMissed() {
    return !goals.isEmpty() && goals.stream().noneMatch(GoalResult::missed);
  }
}
