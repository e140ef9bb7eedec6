package dev.shunt.reconcile;

import dev.shunt.desired.Mode;
import dev.shunt.desired.TraitEffect;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The maps of the data path and the names of this host, as reconcile needs them.
 *
 * <p>Thread rule: called by the reconcile thread only; calls may block for a few system calls. Rows
 * are read from the maps each time, so that a restarted node sees what is pinned. A call that fails
 * throws a RuntimeException whose message is the error text (operation, object, cause); removing
 * what is not there is no failure.
 */
public interface DatapathPort {
  /** Rows of endpoints that were written; a zeroed row (never written or cleared) is left out. */
  Map<Integer, EndpointRow> endpoints();

  /** Writes the row of an endpoint, 0..1022. */
  void writeEndpoint(int id, EndpointRow row);

  /** Zeroes the row of an endpoint: mode {@link Mode#OFF}, nothing allowed. */
  void clearEndpoint(int id);

  /** Rows of network namespaces by netns cookie. */
  Map<Long, NamespaceRow> namespaces();

  /** Writes endpoint and interception of a network namespace; keeps {@code NETNS_HOOKED}. */
  void writeNamespace(long netnsCookie, NamespaceRow row);

  /** Removes the row of a network namespace. */
  void removeNamespace(long netnsCookie);

  /** Endpoint ids by selector. */
  Map<SelectorKey, Integer> selectors();

  /** Leads a selector to an endpoint. */
  void writeSelector(SelectorKey key, int endpointId);

  /** Removes a selector. */
  void removeSelector(SelectorKey key);

  /** Rows with {@code TRAIT_EXEMPT} (it wins) or {@code TRAIT_FORCE}; learned traits left out. */
  Map<WorkloadKey, TraitEffect> traits();

  /**
   * Makes the effect the only one that is configured for a workload; keeps what was learned, and
   * raises {@code trait_generation}.
   */
  void writeTrait(WorkloadKey key, TraitEffect effect);

  /** Takes back what is configured; keeps what was learned; raises {@code trait_generation}. */
  void removeTrait(WorkloadKey key);

  /** The settings in force; all zero (mode {@link Mode#OFF}) on a fresh data path. */
  ConfigRow config();

  /** Writes these settings and keeps the others. */
  void writeConfig(ConfigRow row);

  /**
   * Netns cookie of {@code host} or of a name under /run/netns. Empty when it does not exist yet.
   */
  OptionalLong netnsCookie(String namespace);

  /** Id of a cgroup by its path below the cgroup v2 root. Empty when it does not exist yet. */
  OptionalLong cgroupId(String cgroupPath);

  /** The file behind an absolute path, links followed. Empty when it does not exist yet. */
  Optional<ExecutableId> executable(String path);
}
