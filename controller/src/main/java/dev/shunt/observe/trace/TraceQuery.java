package dev.shunt.observe.trace;

import java.time.Duration;

/**
 * What a trace is asked for. Immutable.
 *
 * @param module what to look at
 * @param filter whose
 * @param duration how long; zero: until the caller ends it
 * @param interval how often histograms are told
 * @param requests of HTTP, how they are told
 */
public record TraceQuery(
    TraceModule module, Filter filter, Duration duration, Duration interval, Requests requests) {
  /** With requests as they are told by default. */
  public TraceQuery(TraceModule module, Filter filter, Duration duration, Duration interval) {
    this(module, filter, duration, interval, Requests.DEFAULT);
  }

  /** With a wish for paths. */
  public TraceQuery(
      TraceModule module, Filter filter, Duration duration, Duration interval, Paths paths) {
    this(module, filter, duration, interval, new Requests(paths, Pauses.LEFT_OUT));
  }

  /** How paths are told. */
  public Paths paths() {
    return requests.paths;
  }

  /**
   * What the module of JVMs is asked to learn of pauses in the same network namespace; sidecars
   * have processes and cgroups of their own.
   */
  public TraceQuery ofPauses() {
    return new TraceQuery(
        TraceModule.JVM,
        new Filter(0, 0, filter.namespace, ""),
        Duration.ZERO,
        interval,
        new Requests(Paths.TEMPLATE, Pauses.TOLD));
  }

  /**
   * How requests of HTTP are told.
   *
   * @param paths of them
   * @param pauses of JVMs meanwhile
   */
  public record Requests(Paths paths, Pauses pauses) {
    /** With templates, without pauses. */
    public static final Requests DEFAULT = new Requests(Paths.TEMPLATE, Pauses.LEFT_OUT);
  }

  /** How much of a path is told. The query of a request never is. */
  public enum Paths {
    /** What names a thing is left out. */
    TEMPLATE,
    /** All of it. */
    RAW
  }

  /** Whether pauses of JVMs are told with requests. */
  public enum Pauses {
    /** They are not. */
    LEFT_OUT,
    /** How much of each request they took is. */
    TOLD
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
