package dev.shunt.e2e.demo;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What the demo found. Immutable.
 *
 * @param options how it was measured
 * @param rounds every round in order, at least one
 * @param stats the node's totals, warm-up included
 * @param deviceBytes bytes that the accelerated chain's network devices received in the same time,
 *     headers, handshakes and bare acknowledgements included
 */
record DemoReport(DemoOptions options, List<DemoRound> rounds, NodeStats stats, long deviceBytes) {
  DemoReport {
    rounds = List.copyOf(rounds);
  }

  /**
   * The least share of the chain's payload bytes that can have been redirected, 0 to 1. The node
   * counts bytes by TCP for connections that became members only; the kernel's device counters miss
   * none, so whatever they saw is taken for payload.
   */
  double shareRedirected() {
    long passed = Math.max(stats.bytesPassed(), deviceBytes);
    long all = stats.bytesRedirected() + passed;
    return all == 0 ? 0 : (double) stats.bytesRedirected() / all;
  }

  /** Median over the rounds of a measure of the plain runs. */
  double plain(ToDoubleFunction<RunSample> measure) {
    return Median.of(rounds, round -> measure.applyAsDouble(round.plain()));
  }

  /** Median over the rounds of a measure of the accelerated runs. */
  double accelerated(ToDoubleFunction<RunSample> measure) {
    return Median.of(rounds, round -> measure.applyAsDouble(round.accelerated()));
  }

  /** Median of the rounds' own ratios. */
  double ratio(ToDoubleFunction<DemoRound> measure) {
    return Median.of(rounds, measure);
  }

  /** The smallest of the rounds' ratios. */
  double lowest(ToDoubleFunction<DemoRound> measure) {
    return rounds.stream().mapToDouble(measure).min().orElseThrow();
  }

  /** The largest of the rounds' ratios. */
  double highest(ToDoubleFunction<DemoRound> measure) {
    return rounds.stream().mapToDouble(measure).max().orElseThrow();
  }
}
