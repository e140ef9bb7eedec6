package dev.shunt.desired.telemetry;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where each module is on.
 *
 * @param namespaces by module: the share of connections in percent, by name of the network
 *     namespace; a module that is on nowhere is not in it
 */
public record TelemetryPlan(Map<TelemetryModule, Map<String, Integer>> namespaces) {
  /** Nothing is on. */
  public static final TelemetryPlan NOTHING = new TelemetryPlan(Map.of());

  /** Copies the maps. */
  public TelemetryPlan {
    Map<TelemetryModule, Map<String, Integer>> copy = new EnumMap<>(TelemetryModule.class);
    namespaces.forEach((module, places) -> copy.put(module, Map.copyOf(places)));
    namespaces = Map.copyOf(copy);
  }

  /** What the policy that decides on each network namespace says. */
  public static TelemetryPlan of(Map<String, TelemetryPolicy> deciding) {
    Map<TelemetryModule, Map<String, Integer>> namespaces = new EnumMap<>(TelemetryModule.class);
    deciding.forEach(
        (namespace, policy) ->
            policy
                .modules()
                .forEach(
                    (module, percent) ->
                        namespaces
                            .computeIfAbsent(module, fresh -> new TreeMap<>())
                            .put(namespace, percent)));
    return new TelemetryPlan(namespaces);
  }

  /**
   * Decides for a host without Kubernetes.
   *
   * @param policies in any order
   * @param known names of network namespaces that policies without a name mean
   */
  public static TelemetryPlan ofHost(Collection<TelemetryPolicy> policies, Set<String> known) {
    List<TelemetryPolicy> ranked = policies.stream().sorted(TelemetryPolicy.BY_PRECEDENCE).toList();
    Set<String> names = new HashSet<>(ranked.isEmpty() ? Set.of() : known);
    ranked.forEach(policy -> policy.target().networkNamespace().ifPresent(names::add));
    Map<String, TelemetryPolicy> deciding = new TreeMap<>();
    for (String name : names) {
      ranked.stream()
          .filter(policy -> policy.selects(name))
          .findFirst()
          .ifPresent(policy -> deciding.put(name, policy));
    }
    return of(deciding);
  }
}
