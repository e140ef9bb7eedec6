package dev.shunt.e2e.demo;

/**
 * One load run through one chain. Immutable.
 *
 * @param requests completed requests
 * @param durationMicros length of the run
 * @param p50Micros median latency
 * @param p99Micros 99th percentile latency
 * @param cpuMicros CPU time of the chain's processes, and of the node in accelerated runs
 * @param machineBusyMicros CPU time of the whole machine by /proc/stat, a cross-check
 * @param deviceBytes bytes received by the pods' network devices, headers included
 */
record RunSample(
    long requests,
    long durationMicros,
    long p50Micros,
    long p99Micros,
    long cpuMicros,
    long machineBusyMicros,
    long deviceBytes) {

  double requestsPerSecond() {
    return requests * 1e6 / durationMicros;
  }

  double cpuMicrosPerRequest() {
    return (double) cpuMicros / requests;
  }

  double machineBusyMicrosPerRequest() {
    return (double) machineBusyMicros / requests;
  }

  double deviceBytesPerRequest() {
    return (double) deviceBytes / requests;
  }
}
