package dev.shunt.desired;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compiles policies into the desired state of the data path. Pure and thread-safe; the order of the
 * policies given does not matter.
 */
public final class PolicyCompiler {
  private final List<Policy> ranked;
  private final EndpointIds ids;
  private final ModeOverride override;

  private PolicyCompiler(List<Policy> ranked, EndpointIds ids, ModeOverride override) {
    this.ranked = ranked;
    this.ids = ids;
    this.override = override;
  }

  /**
   * Compiles.
   *
   * @param policies with unique names, at most 1022; empty means the embedded default
   * @param ids of the last compilation
   * @param watched names of the network namespaces that the node watches
   * @param override set by {@code shunt mode}
   * @throws IllegalArgumentException when a name is used twice or there are too many
   */
  public static Compilation compile(
      Collection<Policy> policies, EndpointIds ids, Set<String> watched, ModeOverride override) {
    List<Policy> ranked = policies.stream().sorted(Policy.BY_PRECEDENCE).toList();
    List<String> names = ranked.stream().map(p -> p.name().endpointName()).sorted().toList();
    if (Set.copyOf(names).size() != names.size()) {
      throw new IllegalArgumentException("policies: a name is used twice in " + names);
    }
    return new PolicyCompiler(ranked, ids.assign(names), override).compile(watched);
  }

  private Compilation compile(Set<String> watched) {
    Map<HostSelector, Policy> inForce = new LinkedHashMap<>();
    List<ShadowedPolicy> shadowed = new ArrayList<>();
    for (Policy policy : ranked) {
      Policy winner = inForce.putIfAbsent(policy.selector(), policy);
      if (winner != null) {
        shadowed.add(new ShadowedPolicy(policy.name(), winner.name()));
      }
    }
    int defaultId = endpointOf(inForce, HostSelector.EVERYTHING, DesiredEndpoint.DEFAULT_ID);
    DesiredState state =
        new DesiredState(
            override.over(Mode.ACCELERATE),
            adoptTurns(inForce.values()),
            endpoints(),
            namespaces(inForce, watched, defaultId),
            defaultId,
            selectors(inForce),
            traits(inForce.values()));
    return new Compilation(state, ids, shadowed);
  }

  private int endpointOf(Map<HostSelector, Policy> inForce, HostSelector selector, int fallback) {
    Policy policy = inForce.get(selector);
    return policy == null ? fallback : id(policy);
  }

  private int id(Policy policy) {
    return ids.of(policy.name().endpointName());
  }

  /** The node has one setting: the most careful policy decides. */
  private static int adoptTurns(Collection<Policy> inForce) {
    return inForce.stream()
        .mapToInt(policy -> policy.spec().minTurns())
        .max()
        .orElse(PolicySpec.MIN_TURNS_DEFAULT);
  }

  private List<DesiredEndpoint> endpoints() {
    List<DesiredEndpoint> endpoints = new ArrayList<>();
    Mode unselected = ranked.isEmpty() ? Mode.ACCELERATE : Mode.OBSERVE;
    endpoints.add(
        new DesiredEndpoint(
            DesiredEndpoint.DEFAULT_ID,
            DesiredEndpoint.DEFAULT_NAME,
            DesiredEndpoint.DEFAULT_NAME,
            override.over(unselected),
            EndpointRules.EVERYTHING));
    for (Policy policy : ranked) {
      endpoints.add(
          new DesiredEndpoint(
              id(policy),
              policy.name().endpointName(),
              policy.name().toString(),
              override.over(policy.spec().mode()),
              new EndpointRules(policy.spec().flags(), policy.spec().ports())));
    }
    endpoints.sort(Comparator.comparingInt(DesiredEndpoint::id));
    return endpoints;
  }

  /** Every watched namespace and every one that a policy names, whether or not it exists yet. */
  private Map<String, DesiredNamespace> namespaces(
      Map<HostSelector, Policy> inForce, Set<String> watched, int defaultId) {
    Set<String> names =
        new TreeSet<>(
            Comparator.comparing((String name) -> !name.equals(HostSelector.HOST_NAMESPACE))
                .thenComparing(Comparator.naturalOrder()));
    names.addAll(watched);
    ranked.forEach(policy -> policy.selector().networkNamespace().ifPresent(names::add));
    Map<String, DesiredNamespace> namespaces = new LinkedHashMap<>();
    for (String name : names) {
      HostSelector selector =
          new HostSelector(Optional.of(name), Optional.empty(), Optional.empty());
      namespaces.put(
          name, new DesiredNamespace(endpointOf(inForce, selector, defaultId), interception(name)));
    }
    return namespaces;
  }

  /** A fact about the namespace: any policy that names it, or names none, may tell it. */
  private Interception interception(String namespace) {
    Interception interception = Interception.NONE;
    for (Policy policy : ranked) {
      if (policy.selector().networkNamespace().map(namespace::equals).orElse(true)) {
        interception = interception.or(policy.target().interception());
      }
    }
    return interception;
  }

  private List<DesiredSelector> selectors(Map<HostSelector, Policy> inForce) {
    List<DesiredSelector> selectors = new ArrayList<>();
    inForce.forEach(
        (selector, policy) -> {
          if (selector.selectsWorkload()) {
            selectors.add(new DesiredSelector(selector, id(policy)));
          }
        });
    return selectors;
  }

  /** Of two rules for the same executable in the same place, the one that outranks holds. */
  private static List<DesiredTrait> traits(Collection<Policy> inForce) {
    Map<List<Object>, DesiredTrait> traits = new LinkedHashMap<>();
    for (Policy policy : inForce) {
      ExecutableRules rules = policy.spec().executables();
      Optional<String> cgroup = policy.selector().cgroupPath();
      for (String path : rules.exempt()) {
        traits.putIfAbsent(
            List.of(path, cgroup), new DesiredTrait(path, cgroup, TraitEffect.EXEMPT));
      }
      for (String path : rules.force()) {
        traits.putIfAbsent(
            List.of(path, cgroup), new DesiredTrait(path, cgroup, TraitEffect.FORCE));
      }
    }
    return List.copyOf(traits.values());
  }
}
