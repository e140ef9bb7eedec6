package dev.shunt.e2e.bench.chain;

/**
 * What the load generator saw in one run. Immutable.
 *
 * @param requests completed requests
 * @param durationMicros length of the run
 * @param p50Micros median latency
 * @param p99Micros 99th percentile latency
 */
record ChainSample(long requests, long durationMicros, long p50Micros, long p99Micros) {
  double requestsPerSecond() {
    return requests * 1e6 / durationMicros;
  }
}
