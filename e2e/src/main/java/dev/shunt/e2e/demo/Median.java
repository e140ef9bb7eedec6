package dev.shunt.e2e.demo;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The median of a measure. Pure. */
final class Median {
  private Median() {}

  /**
   * The middle value, or the mean of the two middle ones.
   *
   * @throws IllegalArgumentException when there are no items
   */
  static <T> double of(List<T> items, ToDoubleFunction<T> measure) {
    if (items.isEmpty()) {
      throw new IllegalArgumentException("median of nothing");
    }
    double[] sorted = items.stream().mapToDouble(measure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
