package dev.shunt.observe.trace;

import java.time.Duration;

/**
 * What a trace is asked for. Immutable.
 *
 * @param module what to look at
 * @param filter whose
 * @param duration how long; zero: until the caller ends it
 * @param interval how often histograms are told
 * @param paths of HTTP requests, how they are told
 */
public record TraceQuery(
    TraceModule module, Filter filter, Duration duration, Duration interval, Paths paths) {
  /** With templates. */
  public TraceQuery(TraceModule module, Filter filter, Duration duration, Duration interval) {
    this(module, filter, duration, interval, Paths.TEMPLATE);
  }

  /** How much of a path is told. The query of a request never is. */
  public enum Paths {
    /** What names a thing is left out. */
    TEMPLATE,
    /** All of it. */
    RAW
  }

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
