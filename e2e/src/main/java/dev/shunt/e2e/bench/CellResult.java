package dev.shunt.e2e.bench;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a variant did in a cell. Immutable.
 *
 * @param cell name of the cell
 * @param variant any but plain TCP
 * @param rounds at least one
 */
record CellResult(String cell, Variant variant, List<Round> rounds) {
  CellResult {
    rounds = List.copyOf(rounds);
  }

  Optional<Double> ratioRate() {
    return Statistics.median(ratios(Sample::rate));
  }

  Optional<Double> ratioP50() {
    return Statistics.median(ratios(Sample::p50Micros));
  }

  Optional<Double> ratioP99() {
    return Statistics.median(ratios(Sample::p99Micros));
  }

  Optional<Double> ratioCpu() {
    return Statistics.median(ratios(Sample::cpuMicros));
  }

  /** Half the quartiles' distance of the rate's ratios. */
  Optional<Double> spread() {
    return Statistics.spread(ratios(Sample::rate));
  }

  /**
   * How far the median of plain TCP against itself may lie from 1 by chance: what the two plain
   * runs of a round differ by, in the middle of the rounds, and 1 % at least, because nothing finer
   * is repeatable on a machine that does other things too.
   */
  double noise(ToDoubleFunction<Sample> measure) {
    List<Double> distances =
        rounds.stream()
            .flatMap(round -> round.noise(measure).stream())
            .map(noise -> Math.abs(noise - 1))
            .toList();
    return Math.max(0.01, Statistics.median(distances).orElse(0.0));
  }

  /**
   * The latency distribution in the middle of the rounds, see {@link Sample#cdfMicros}.
   *
   * @param of a variant; empty: plain TCP
   * @return empty when the cell's load generator gives none
   */
  List<Double> cdf(Optional<Variant> of) {
    List<List<Double>> all =
        rounds.stream()
            .flatMap(
                round ->
                    Stream.ofNullable(of.isEmpty() ? round.before() : round.others().get(of.get())))
            .map(Sample::cdfMicros)
            .filter(cdf -> !cdf.isEmpty())
            .toList();
    if (all.isEmpty()) {
      return List.of();
    }
    return IntStream.range(0, all.get(0).size())
        .mapToObj(point -> all.stream().map(cdf -> cdf.get(point)).toList())
        .map(values -> Math.round(Statistics.quantile(values, 0.5) * 10) / 10.0)
        .toList();
  }

  private List<Double> ratios(ToDoubleFunction<Sample> measure) {
    return rounds.stream().flatMap(round -> round.ratio(variant, measure).stream()).toList();
  }
}
