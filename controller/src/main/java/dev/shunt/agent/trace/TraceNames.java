package dev.shunt.agent.trace;

import dev.shunt.observe.trace.TraceEvent.Place;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * Names for numbers and numbers for names, as the node knows them. Its functions are thread-safe.
 *
 * @param namespaceName of a cookie
 * @param namespaceCookie of a name; empty: not watched
 * @param workload of a namespace's name; empty: none
 * @param cgroups both ways
 */
public record TraceNames(
    LongFunction<String> namespaceName,
    Function<String, OptionalLong> namespaceCookie,
    Function<String, String> workload,
    Cgroups cgroups) {
  /**
   * Names of cgroups.
   *
   * @param path below the root of the hierarchy, by id; empty: it is gone
   * @param id by path; empty: it does not exist
   */
  public record Cgroups(LongFunction<String> path, Function<String, Optional<Long>> id) {}

  /** Whose a socket is. */
  Place place(long netnsCookie, long cgroupId) {
    String namespace = namespaceName.apply(netnsCookie);
    return new Place(namespace, workload.apply(namespace), cgroups.path().apply(cgroupId));
  }
}
