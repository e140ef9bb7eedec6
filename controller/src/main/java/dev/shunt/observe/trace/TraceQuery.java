package dev.shunt.observe.trace;

import java.time.Duration;

/**
 * What a trace is asked for. Immutable.
 *
 * @param module what to look at
 * @param filter whose
 * @param duration how long; zero: until the caller ends it
 * @param interval how often histograms are told
 */
public record TraceQuery(TraceModule module, Filter filter, Duration duration, Duration interval) {
  /**
   * All that is set must match; 0 and empty match any.
   *
   * @param port local or remote
   * @param pid of a process, as the host counts
   * @param namespace name of a watched network namespace
   * @param cgroup path below the root of the hierarchy; those below it count too
   */
  public record Filter(int port, int pid, String namespace, String cgroup) {}
}
