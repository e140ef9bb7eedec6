package dev.shunt.e2e.bench.filters;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The middle of some figures and where half of them lie. Immutable.
 *
 * @param median NaN when there are none
 * @param low the lower quartile
 * @param high the upper one
 */
record Spread(double median, double low, double high) {
  static Spread of(List<Double> values) {
    if (values.isEmpty()) {
      return new Spread(Double.NaN, Double.NaN, Double.NaN);
    }
    List<Double> sorted = values.stream().sorted().toList();
    int count = sorted.size();
    return new Spread(
        sorted.get(count / 2), sorted.get(count / 4), sorted.get(count - 1 - count / 4));
  }

  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("median", median);
    document.put("low", low);
    document.put("high", high);
    return document;
  }

  /** {@code 0.71 (0.70-0.73)}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.2f (%.2f-%.2f)", median, low, high);
  }
}
