package dev.shunt.e2e.bench;

import java.util.List;
import java.util.Optional;

/**
 * The middle of some ratios, and how far it can be trusted. Immutable.
 *
 * @param median of the ratios
 * @param low lower end of the median's confidence interval
 * @param high upper end
 */
public record Estimate(double median, double low, double high) {
  /** Chance, at most, that the true median lies below the interval; as much again above it. */
  private static final double TAIL = 0.025;

  /**
   * The sign test's interval: it takes nothing for granted of how the ratios are distributed. Below
   * six ratios it is all of their range, which is less than 95 % sure.
   *
   * @return empty when there are no ratios
   */
  public static Optional<Estimate> of(List<Double> ratios) {
    if (ratios.isEmpty()) {
      return Optional.empty();
    }
    List<Double> sorted = ratios.stream().sorted().toList();
    int rank = rank(sorted.size());
    return Optional.of(
        new Estimate(
            Statistics.quantile(sorted, 0.5),
            sorted.get(rank),
            sorted.get(sorted.size() - 1 - rank)));
  }

  /** How many of {@code count} ratios lie outside the interval on each side. */
  private static int rank(int count) {
    double chance = Math.pow(0.5, count);
    double tail = chance;
    int rank = 0;
    while (true) {
      chance *= (count - rank) / (rank + 1.0);
      tail += chance;
      if (tail > TAIL) {
        return rank;
      }
      rank++;
    }
  }
}
