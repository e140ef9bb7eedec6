package dev.shunt.agent.trace;

import dev.shunt.datapath.layout.TraceFilterRow;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException.Cause;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a filter names, found on this host: as numbers for the programs, and whether it is still
 * there. Any thread.
 */
final class TraceTarget {
  private final TraceQuery.Filter filter;
  private final TraceNames names;
  private final @Nullable ProcessHandle process;
  private final TraceFilterRow row;

  /** Where the reader sees anything, if it chooses. */
  private volatile Set<Long> chosen = Set.of();

  private TraceTarget(
      TraceQuery.Filter filter,
      TraceNames names,
      @Nullable ProcessHandle process,
      TraceFilterRow row) {
    this.filter = filter;
    this.names = names;
    this.process = process;
    this.row = row;
  }

  /**
   * Finds it.
   *
   * @throws TraceRefusedException it does not exist, or the module cannot look for it
   */
  static TraceTarget find(TraceQuery query, TraceNames names) {
    TraceQuery.Filter filter = query.filter();
    if (filter.pid() != 0 && query.module() == TraceModule.RTT) {
      throw new TraceRefusedException(
          Cause.INVALID,
          "pid: %d (expected: 0 for rtt, acknowledgements arrive outside of processes; use a cgroup)"
              .formatted(filter.pid()));
    }
    boolean isOfCode = query.module() == TraceModule.PROFILE || query.module() == TraceModule.JVM;
    if (filter.port() != 0 && isOfCode) {
      throw new TraceRefusedException(
          Cause.INVALID,
          "port: %d (expected: 0 for %s, code has no port)"
              .formatted(filter.port(), query.module()));
    }
    ProcessHandle process = filter.pid() == 0 ? null : process(filter.pid());
    long cgroup = filter.cgroup().isEmpty() ? 0 : cgroup(filter.cgroup(), names);
    long netns = filter.namespace().isEmpty() ? 0 : namespace(filter.namespace(), names);
    return new TraceTarget(
        filter, names, process, new TraceFilterRow(cgroup, netns, filter.pid(), filter.port()));
  }

  /** Network namespaces that are chosen later. */
  static TraceTarget toChoose(TraceQuery query, TraceNames names) {
    return new TraceTarget(query.filter(), names, null, TraceFilterRow.CHOSEN);
  }

  /** From now on it is these, by cookie. */
  void choose(Set<Long> cookies) {
    chosen = Set.copyOf(cookies);
  }

  /** Whether it is network namespaces that are chosen, and may change. */
  boolean chooses() {
    return row.namespaces() == TraceFilterRow.Namespaces.CHOSEN;
  }

  /** Whether a network namespace is meant. */
  boolean covers(long netnsCookie) {
    if (chooses()) {
      return chosen.contains(netnsCookie);
    }
    return row.netnsCookie() == 0 || row.netnsCookie() == netnsCookie;
  }

  private static ProcessHandle process(int pid) {
    return ProcessHandle.of(pid)
        .orElseThrow(
            () -> notFound("find process %d failed: no such process (ESRCH/3)".formatted(pid)));
  }

  private static long cgroup(String path, TraceNames names) {
    return names
        .cgroups()
        .id()
        .apply(path)
        .orElseThrow(
            () -> notFound("find cgroup %s failed: no such directory (ENOENT/2)".formatted(path)));
  }

  private static long namespace(String name, TraceNames names) {
    return names
        .namespaceCookie()
        .apply(name)
        .orElseThrow(
            () ->
                notFound(
                    "find network namespace %s failed: not watched; 'shunt status' lists those that"
                            .formatted(name)
                        + " are"));
  }

  private static TraceRefusedException notFound(String message) {
    return new TraceRefusedException(Cause.NOT_FOUND, message);
  }

  /** As the programs compare. */
  TraceFilterRow row() {
    return row;
  }

  /** Why nothing more can match, one sentence; empty while it is all there. */
  String gone() {
    if (process != null && !process.isAlive()) {
      return "process %d has ended".formatted(filter.pid());
    }
    if (row.cgroupId() != 0
        && !Optional.of(row.cgroupId()).equals(names.cgroups().id().apply(filter.cgroup()))) {
      return "cgroup %s is gone".formatted(filter.cgroup());
    }
    if (row.netnsCookie() != 0
        && names.namespaceCookie().apply(filter.namespace()).orElse(0) != row.netnsCookie()) {
      return "network namespace %s is gone".formatted(filter.namespace());
    }
    return "";
  }
}
