package dev.shunt.e2e.demo;

/**
 * The node that accelerates a chain during a demo. One thread calls {@code start}, {@code
 * awaitReady}, {@code stats}, {@code close} in this order; {@code close} also from a shutdown hook
 * and more than once.
 */
public interface AcceleratedNode extends AutoCloseable {
  /** What {@link #start} is about to do, for a person. */
  String purpose();

  /** Starts the node without waiting for it. */
  void start();

  /**
   * Blocks until the node accelerates.
   *
   * @throws dev.shunt.e2e.scene.SceneException when it ends or does not get ready in time
   */
  void awaitReady();

  /** Totals since its start. May take a second. */
  NodeStats stats();

  /** CPU time that the node used so far, in microseconds. */
  long cpuMicros();

  /** Stops the node and waits until everything it attached is gone. */
  @Override
  void close();
}
