package dev.shunt.e2e.demo;

/**
 * One pair of runs, made one right after the other. Immutable.
 *
 * @param plain the run on plain TCP
 * @param accelerated the run that the node covers
 */
record DemoRound(RunSample plain, RunSample accelerated) {
  /** Requests per second, accelerated over plain: above 1 is better. */
  double ratioRequests() {
    return accelerated.requestsPerSecond() / plain.requestsPerSecond();
  }

  /** Median latency, accelerated over plain: below 1 is better. */
  double ratioP50() {
    return (double) accelerated.p50Micros() / plain.p50Micros();
  }

  /** 99th percentile latency, accelerated over plain: below 1 is better. */
  double ratioP99() {
    return (double) accelerated.p99Micros() / plain.p99Micros();
  }

  /** CPU time per request, accelerated over plain: below 1 is better. */
  double ratioCpu() {
    return accelerated.cpuMicrosPerRequest() / plain.cpuMicrosPerRequest();
  }
}
