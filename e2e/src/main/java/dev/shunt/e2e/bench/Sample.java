package dev.shunt.e2e.bench;

import java.util.List;

/**
 * What one run of a variant gave. Immutable.
 *
 * @param rate operations per second; for streams, bytes per second
 * @param p50Micros median latency of an operation; 0 for streams, which have none
 * @param p99Micros 99th percentile, likewise
 * @param cpuMicros CPU time per operation; for streams, per mebibyte
 * @param cdfMicros latency at 1/n, 2/n ... (n-1)/n of the operations; empty when unknown
 */
public record Sample(
    double rate, double p50Micros, double p99Micros, double cpuMicros, List<Double> cdfMicros) {
  /** Copies the list. */
  public Sample {
    cdfMicros = List.copyOf(cdfMicros);
  }

  /** The mean of both, figure by figure, without a distribution. */
  Sample mean(Sample other) {
    return new Sample(
        (rate + other.rate) / 2,
        (p50Micros + other.p50Micros) / 2,
        (p99Micros + other.p99Micros) / 2,
        (cpuMicros + other.cpuMicros) / 2,
        List.of());
  }
}
