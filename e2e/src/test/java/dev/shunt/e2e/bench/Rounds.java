package dev.shunt.e2e.bench;

import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** Rounds with figures that a test names. Pure. */
final class Rounds {
  private Rounds() {}

  static Sample sample(double rate, double p50, double cpu) {
    return new Sample(rate, p50, 2 * p50, cpu, List.of(p50 / 2, p50, 2 * p50));
  }

  /**
   * A result whose rounds have the given ratios of rate and CPU, over a plain TCP without noise.
   */
  static CellResult result(String cell, double cpuRatio, double... rateRatios) {
    Sample plain = sample(1000, 100, 10);
    return new CellResult(
        cell,
        Variant.SHUNT,
        DoubleStream.of(rateRatios)
            .mapToObj(
                ratio ->
                    new Round(
                        plain,
                        plain,
                        Map.of(Variant.SHUNT, sample(1000 * ratio, 100 / ratio, 10 * cpuRatio))))
            .toList());
  }
}
