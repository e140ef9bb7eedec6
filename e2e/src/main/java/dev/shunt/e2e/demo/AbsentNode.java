package dev.shunt.e2e.demo;

/**
 * No node: both chains stay on plain TCP, so every ratio must come out near 1.00. That is how the
 * measurement itself is checked. Any thread; no state.
 */
final class AbsentNode implements AcceleratedNode {
  @Override
  public String purpose() {
    return "starting no node: both chains stay plain";
  }

  @Override
  public void start() {
    // nothing to start
  }

  @Override
  public void awaitReady() {
    // ready at once
  }

  @Override
  public NodeStats stats() {
    return NodeStats.NONE;
  }

  @Override
  public long cpuMicros() {
    return 0;
  }

  @Override
  public void close() {
    // nothing to stop
  }
}
