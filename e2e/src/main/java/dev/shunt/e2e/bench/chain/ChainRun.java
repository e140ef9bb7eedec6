package dev.shunt.e2e.bench.chain;

/**
 * One variant in one round. Immutable.
 *
 * @param sample what the load generator saw
 * @param cpuMicros CPU time of the chain's cgroup and the node meanwhile
 * @param deviceBytes bytes that the pods' devices received meanwhile
 */
record ChainRun(ChainSample sample, long cpuMicros, long deviceBytes) {
  double cpuMicrosPerRequest() {
    return (double) cpuMicros / sample.requests();
  }

  double deviceBytesPerRequest() {
    return (double) deviceBytes / sample.requests();
  }
}
