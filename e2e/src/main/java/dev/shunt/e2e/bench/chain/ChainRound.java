package dev.shunt.e2e.bench.chain;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Every variant once. Immutable.
 *
 * @param runs by variant; {@link ChainVariant#PLAIN} is always there
 */
record ChainRound(Map<ChainVariant, ChainRun> runs) {
  ChainRound {
    runs = Map.copyOf(new EnumMap<>(runs));
  }

  /** The run of {@code variant}, which this round must hold. */
  ChainRun run(ChainVariant variant) {
    ChainRun run = runs.get(variant);
    if (run == null) {
      throw new IllegalArgumentException("no run of " + variant);
    }
    return run;
  }

  /** {@code figure} of {@code variant} by that of plain TCP. */
  double ratio(ChainVariant variant, ToDoubleFunction<ChainRun> figure) {
    return figure.applyAsDouble(run(variant)) / figure.applyAsDouble(run(ChainVariant.PLAIN));
  }
}
