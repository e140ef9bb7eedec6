package dev.shunt.e2e.bench;

import java.util.List;

/**
 * What is measured, and how long. Immutable.
 *
 * @param cells in the order they are measured
 * @param rounds of each cell
 * @param millis length of one run
 */
record BenchPlan(List<BenchCell> cells, int rounds, int millis) {
  BenchPlan {
    cells = List.copyOf(cells);
  }
}
