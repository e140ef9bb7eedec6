package dev.shunt.e2e.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * One round of a cell: plain TCP, the other variants, plain TCP again. Immutable.
 *
 * @param before plain TCP at the beginning
 * @param after plain TCP at the end
 * @param others by variant, in the order they were driven
 */
public record Round(Sample before, Sample after, Map<Variant, Sample> others) {
  /** Copies the map. */
  public Round {
    others = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  /** The plain figures that ratios are taken against. */
  Sample plain() {
    return before.mean(after);
  }

  /** A variant's figure over the plain one; empty where the measure does not exist. */
  Optional<Double> ratio(Variant variant, ToDoubleFunction<Sample> measure) {
    Sample sample = others.get(variant);
    return sample == null ? Optional.empty() : quotient(measure, sample, plain());
  }

  /** The second plain run over the first: 1 on a quiet machine. */
  Optional<Double> noise(ToDoubleFunction<Sample> measure) {
    return quotient(measure, after, before);
  }

  private static Optional<Double> quotient(
      ToDoubleFunction<Sample> measure, Sample over, Sample under) {
    double divisor = measure.applyAsDouble(under);
    return divisor > 0 ? Optional.of(measure.applyAsDouble(over) / divisor) : Optional.empty();
  }
}
