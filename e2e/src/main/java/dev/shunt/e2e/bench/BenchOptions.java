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
    QUICK(Duration.ofMinutes(4), false),
    /** Everything within 45 minutes. */
    FULL(Duration.ofMinutes(42), true);

    private final Duration budget;
    private final boolean bounds;

    Extent(Duration budget, boolean bounds) {
      this.budget = budget;
      this.bounds = bounds;
    }

    BenchPlan plan(List<BenchCell> cells) {
      return new BenchPlan(cells, budget);
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
