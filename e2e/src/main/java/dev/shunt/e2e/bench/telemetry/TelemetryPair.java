package dev.shunt.e2e.bench.telemetry;

/**
 * Two slices after each other, the module off in one and on in the other.
 *
 * @param off without it
 * @param on with it
 * @param matched what the module saw
 * @param shed of that, what it did not tell
 */
record TelemetryPair(Slice off, Slice on, long matched, long shed) {
  /**
   * Some seconds of traffic.
   *
   * @param requests that were answered
   * @param requestsPerSecond of those
   * @param cpuMicros of all CPUs, a request
   */
  record Slice(long requests, double requestsPerSecond, double cpuMicros) {}

  /** 0.99: one hundredth fewer requests with the module on. */
  double requestsRatio() {
    return on.requestsPerSecond() / off.requestsPerSecond();
  }

  /** 1.01: one hundredth more CPU a request with the module on. */
  double cpuRatio() {
    return on.cpuMicros() / off.cpuMicros();
  }
}
