package dev.shunt.observe.trace;

/**
 * A stop of a JVM. Immutable.
 *
 * @param namespace name of its network namespace
 * @param pid of the JVM
 * @param beginNanos on CLOCK_MONOTONIC; with the pid it tells pauses apart
 * @param endNanos the same; {@link Long#MAX_VALUE}: it goes on
 */
public record JvmPause(String namespace, int pid, long beginNanos, long endNanos) {
  /**
   * Whether it can have held up the owner of a socket: all of a pod stands for who waits for it. In
   * the node's own namespace, where programs have nothing to do with each other, it is the JVM
   * itself only.
   *
   * @param nodeNamespace name of the namespace that the node runs in
   */
  boolean concerns(TraceEvent.Subject subject, String nodeNamespace) {
    return namespace.equals(subject.place().namespace())
        && (pid == subject.actor().pid() || !namespace.equals(nodeNamespace));
  }

  boolean overlaps(long begin, long end) {
    return beginNanos < end && endNanos > begin;
  }
}
