package dev.shunt.e2e.bench;

import java.util.List;
import java.util.Optional;

/** Order statistics of a few ratios. Pure. */
final class Statistics {
  private Statistics() {}

  /** The middle value, or the mean of the two middle ones; empty when there are none. */
  static Optional<Double> median(List<Double> values) {
    return values.isEmpty() ? Optional.empty() : Optional.of(quantile(values, 0.5));
  }

  /** Half the distance of the quartiles: half of the values lie that close to the middle. */
  static Optional<Double> spread(List<Double> values) {
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of((quantile(values, 0.75) - quantile(values, 0.25)) / 2);
  }

  /**
   * Interpolates between the two nearest values.
   *
   * @param share 0 to 1
   */
  static double quantile(List<Double> values, double share) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double place = share * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = (int) Math.ceil(place);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
