package dev.shunt.e2e.bench.chain;

import java.util.List;

/**
 * What the load generator saw in one run. Immutable.
 *
 * @param requests completed requests, 1 or more
 * @param durationMicros length of the run
 * @param p50Micros median latency
 * @param p99Micros 99th percentile latency
 * @param cdfMicros latency at 1 %, 2 % ... 99 % of the requests
 */
record ChainSample(
    long requests, long durationMicros, long p50Micros, long p99Micros, List<Double> cdfMicros) {
  ChainSample {
    cdfMicros = List.copyOf(cdfMicros);
  }

  double requestsPerSecond() {
    return requests * 1e6 / durationMicros;
  }
}
