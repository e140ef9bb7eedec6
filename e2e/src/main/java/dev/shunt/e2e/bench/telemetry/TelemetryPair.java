package dev.shunt.e2e.bench.telemetry;

import java.util.Optional;

/**
 * Two slices after each other, the module off in one and on in the other; and one more with it on,
 * in which its programs were counted.
 *
 * @param off without it
 * @param on with it
 * @param matched what the module saw while it was on
 * @param shed of that, what it did not tell
 * @param counted empty: there is no module, or the kernel does not count
 */
record TelemetryPair(Slice off, Slice on, long matched, long shed, Optional<CountedSlice> counted) {
  /**
   * Some seconds of traffic.
   *
   * @param requests that were answered
   * @param requestsPerSecond of those
   * @param cpuMicros of all CPUs, a request
   * @param ownMicros of that, of this process, which reads the module
   */
  record Slice(long requests, double requestsPerSecond, double cpuMicros, double ownMicros) {}

  /** 0.99: one hundredth fewer requests with the module on. */
  double requestsRatio() {
    return on.requestsPerSecond() / off.requestsPerSecond();
  }

  /** 1.01: one hundredth more CPU a request with the module on. */
  double cpuRatio() {
    return on.cpuMicros() / off.cpuMicros();
  }

  /**
   * CPU of reading the module, a request: all that this process used more than without it, its
   * collector and compiler too. Below 0 when other work of it outweighs that.
   */
  double readerMicros() {
    return on.ownMicros() - off.ownMicros();
  }

  /** How much of the CPU of a request without the module so many microseconds are, in percent. */
  double percent(double micros) {
    return 100 * micros / off.cpuMicros();
  }
}
