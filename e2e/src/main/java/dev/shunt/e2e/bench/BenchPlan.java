package dev.shunt.e2e.bench;

import java.time.Duration;
import java.util.List;

/**
 * What is measured, and how long. Immutable.
 *
 * @param cells in the order they are measured
 * @param budget of all cells: once a cell's share is spent, no round is added to the least
 */
record BenchPlan(List<BenchCell> cells, Duration budget) {
  BenchPlan {
    cells = List.copyOf(cells);
  }

  /** When, after the beginning, the cell of that number should have ended. */
  Duration shareEnd(int number) {
    return budget.multipliedBy(number).dividedBy(cells.size());
  }
}
