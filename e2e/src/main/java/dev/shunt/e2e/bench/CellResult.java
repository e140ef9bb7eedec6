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
 * @param rounds none when the cell failed
 */
public record CellResult(String cell, Variant variant, List<Round> rounds) {
  /** Copies the list. */
  public CellResult {
    rounds = List.copyOf(rounds);
  }

  /** Ratio of the rates. */
  public Optional<Estimate> rate() {
    return Estimate.of(ratios(Sample::rate));
  }

  /** Ratio of the median latencies; empty for streams. */
  public Optional<Estimate> p50() {
    return Estimate.of(ratios(Sample::p50Micros));
  }

  /** Ratio of the 99th percentiles; empty for streams. */
  Optional<Estimate> p99() {
    return Estimate.of(ratios(Sample::p99Micros));
  }

  /** Ratio of the CPU times of an operation. */
  public Optional<Estimate> cpu() {
    return Estimate.of(ratios(Sample::cpuMicros));
  }

  /** Half the quartiles' distance of the rate's ratios. */
  public Optional<Double> spread() {
    return Statistics.spread(ratios(Sample::rate));
  }

  /**
   * How noisy the machine was: what the two plain runs of a round differ by, in the middle of the
   * rounds.
   */
  double noise(ToDoubleFunction<Sample> measure) {
    List<Double> distances =
        rounds.stream()
            .flatMap(round -> round.noise(measure).stream())
            .map(noise -> Math.abs(noise - 1))
            .toList();
    return Statistics.median(distances).orElse(0.0);
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
                    of.isEmpty()
                        ? Stream.of(round.before(), round.after())
                        : Stream.ofNullable(round.others().get(of.get())))
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
