package dev.shunt.e2e.bench;

import dev.shunt.e2e.bench.socket.Comparison;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the user asked for. Immutable.
 *
 * @param extent which cells there are to choose from
 * @param wanted parts of cell names; empty: all cells
 * @param comparisons third-party programs to measure as well
 */
record BenchOptions(Extent extent, List<String> wanted, List<Comparison> comparisons) {
  BenchOptions {
    wanted = List.copyOf(wanted);
    comparisons = List.copyOf(comparisons);
  }

  /** How much is measured. */
  enum Extent {
    /** A cross-section within 5 minutes. */
    QUICK(9, 60, Duration.ofSeconds(255), false),
    /** Everything within 45 minutes. */
    FULL(9, 60, Duration.ofMinutes(42), true);

    /**
     * Short runs and many rounds: what disturbs a machine comes and goes within a second, and then
     * meets plain TCP and the variant alike.
     */
    private static final int RUN_MILLIS = 200;

    private final int rounds;
    private final int mostRounds;
    private final Duration budget;
    private final boolean bounds;

    Extent(int rounds, int mostRounds, Duration budget, boolean bounds) {
      this.rounds = rounds;
      this.mostRounds = mostRounds;
      this.budget = budget;
      this.bounds = bounds;
    }

    BenchPlan plan(List<BenchCell> cells) {
      return new BenchPlan(cells, rounds, mostRounds, RUN_MILLIS, budget);
    }
  }

  /** The variants that cells are asked to measure. */
  Set<Variant> variants() {
    Set<Variant> variants = new LinkedHashSet<>(List.of(Variant.PLAIN, Variant.SHUNT));
    if (extent.bounds) {
      variants.add(Variant.OBSERVE);
      variants.add(Variant.UNIX);
    }
    comparisons.forEach(comparison -> variants.add(comparison.variant()));
    return variants;
  }

  /**
   * The cells whose names contain one of the wanted parts.
   *
   * @throws IllegalArgumentException there is none
   */
  List<BenchCell> choose(List<BenchCell> cells) {
    List<BenchCell> chosen =
        cells.stream()
            .filter(cell -> wanted.isEmpty() || wanted.stream().anyMatch(cell.name()::contains))
            .toList();
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException(
          "--cell: %s (expected: a part of %s)"
              .formatted(
                  String.join(", ", wanted),
                  String.join(", ", cells.stream().map(BenchCell::name).toList())));
    }
    return chosen;
  }
}
