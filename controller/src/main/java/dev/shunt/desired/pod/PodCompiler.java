package dev.shunt.desired.pod;

import dev.shunt.desired.Compilation;
import dev.shunt.desired.DesiredEndpoint;
import dev.shunt.desired.DesiredNamespace;
import dev.shunt.desired.DesiredSelector;
import dev.shunt.desired.DesiredState;
import dev.shunt.desired.DesiredTrait;
import dev.shunt.desired.EndpointIds;
import dev.shunt.desired.EndpointRules;
import dev.shunt.desired.ExecutableRules;
import dev.shunt.desired.HostSelector;
import dev.shunt.desired.Interception;
import dev.shunt.desired.Mode;
import dev.shunt.desired.ModeOverride;
import dev.shunt.desired.Policy;
import dev.shunt.desired.PolicySpec;
import dev.shunt.desired.ShadowedPolicy;
import dev.shunt.desired.TraitEffect;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compiles what holds for the pods of a node into the desired state of its data path: an endpoint
 * for each pod, found by its network namespace, or by its cgroup when it uses the node's. Pure.
 */
public final class PodCompiler {
  /** Most pods that have an endpoint of their own; the others are observed as the default one. */
  public static final int PODS_MAX = DesiredEndpoint.ID_MAX;

  private final NodePolicies policies;
  private final List<NodePolicies.Governed> pods;
  private final EndpointIds ids;
  private final ModeOverride override;

  private PodCompiler(NodePolicies policies, EndpointIds ids, ModeOverride override) {
    this.policies = policies;
    this.pods = endpointsOf(policies);
    this.ids = ids;
    this.override = override;
  }

  /**
   * Compiles.
   *
   * @param policies and the pods they are about
   * @param ids of the last compilation
   * @param watched names of the network namespaces that the node has open; those of pods are their
   *     keys
   * @param override set by {@code shunt mode}
   */
  public static Compilation compile(
      NodePolicies policies, EndpointIds ids, Set<String> watched, ModeOverride override) {
    EndpointIds assigned =
        ids.assign(
            endpointsOf(policies).stream()
                .map(governed -> governed.pod().pod().id().key())
                .distinct()
                .toList());
    return new PodCompiler(policies, assigned, override).compile(watched);
  }

  private static List<NodePolicies.Governed> endpointsOf(NodePolicies policies) {
    return policies.pods().stream().limit(PODS_MAX).toList();
  }

  private Compilation compile(Set<String> watched) {
    DesiredState state =
        new DesiredState(
            override.over(Mode.ACCELERATE),
            adoptTurns(),
            endpoints(),
            namespaces(watched),
            DesiredEndpoint.DEFAULT_ID,
            selectors(),
            traits());
    return new Compilation(state, ids, shadowed());
  }

  private int id(NodePolicies.Governed governed) {
    return ids.of(governed.pod().pod().id().key());
  }

  /** The node has one setting: the most careful policy decides. */
  private int adoptTurns() {
    return pods.stream()
        .flatMap(governed -> governed.decision().acceleration().stream())
        .mapToInt(policy -> policy.spec().minTurns())
        .max()
        .orElse(PolicySpec.MIN_TURNS_DEFAULT);
  }

  private List<DesiredEndpoint> endpoints() {
    List<DesiredEndpoint> endpoints = new ArrayList<>();
    endpoints.add(observed(DesiredEndpoint.DEFAULT_ID, DesiredEndpoint.DEFAULT_NAME));
    for (NodePolicies.Governed governed : pods) {
      String name = governed.pod().pod().id().key();
      endpoints.add(
          governed
              .decision()
              .acceleration()
              .map(policy -> endpoint(id(governed), name, policy))
              .orElseGet(() -> observed(id(governed), name)));
    }
    endpoints.sort(Comparator.comparingInt(DesiredEndpoint::id));
    return endpoints;
  }

  private DesiredEndpoint observed(int id, String name) {
    return new DesiredEndpoint(
        id,
        name,
        DesiredEndpoint.DEFAULT_NAME,
        override.over(Mode.OBSERVE),
        EndpointRules.EVERYTHING);
  }

  private DesiredEndpoint endpoint(int id, String name, Policy policy) {
    return new DesiredEndpoint(
        id,
        name,
        policy.name().toString(),
        override.over(policy.spec().mode()),
        new EndpointRules(policy.spec().flags(), policy.spec().ports()));
  }

  private Map<String, DesiredNamespace> namespaces(Set<String> watched) {
    Map<String, DesiredNamespace> namespaces = new LinkedHashMap<>();
    DesiredNamespace unselected =
        new DesiredNamespace(DesiredEndpoint.DEFAULT_ID, Interception.NONE);
    if (watched.contains(HostSelector.HOST_NAMESPACE)) {
      namespaces.put(HostSelector.HOST_NAMESPACE, unselected);
    }
    new TreeSet<>(watched).forEach(name -> namespaces.putIfAbsent(name, unselected));
    for (NodePolicies.Governed governed : pods) {
      PodFacts pod = governed.pod().pod();
      if (pod.network() == PodNetwork.OWN) {
        namespaces.computeIfPresent(
            pod.id().key(),
            (key, none) -> new DesiredNamespace(id(governed), interception(governed)));
      }
    }
    return namespaces;
  }

  /** What was recognised of the sidecar, and what the policy in force adds. */
  private static Interception interception(NodePolicies.Governed governed) {
    Interception told =
        governed
            .decision()
            .acceleration()
            .map(policy -> policy.target().interception())
            .orElse(Interception.NONE);
    return governed.pod().pod().interception().or(told);
  }

  private List<DesiredSelector> selectors() {
    List<DesiredSelector> selectors = new ArrayList<>();
    for (NodePolicies.Governed governed : pods) {
      Optional<String> cgroup = governed.pod().place().cgroup();
      if (governed.pod().pod().network() == PodNetwork.HOST && cgroup.isPresent()) {
        selectors.add(
            new DesiredSelector(
                new HostSelector(Optional.empty(), cgroup, Optional.empty()), id(governed)));
      }
    }
    return selectors;
  }

  private List<DesiredTrait> traits() {
    List<DesiredTrait> traits = new ArrayList<>();
    for (NodePolicies.Governed governed : pods) {
      Optional<Policy> policy = governed.decision().acceleration();
      for (PodPlace.Container container : governed.pod().place().containers()) {
        policy.ifPresent(wanted -> addTraits(traits, wanted.spec().executables(), container));
      }
    }
    return traits;
  }

  private void addTraits(
      List<DesiredTrait> traits, ExecutableRules rules, PodPlace.Container container) {
    Optional<String> cgroup = Optional.of(container.cgroup());
    for (String path : rules.exempt()) {
      policies
          .fileIn(container, path)
          .ifPresent(file -> traits.add(new DesiredTrait(file, cgroup, TraitEffect.EXEMPT)));
    }
    for (String path : rules.force()) {
      policies
          .fileIn(container, path)
          .ifPresent(file -> traits.add(new DesiredTrait(file, cgroup, TraitEffect.FORCE)));
    }
  }

  /** Policies that win on no pod of this node although they select one. */
  private List<ShadowedPolicy> shadowed() {
    Set<Policy> winners = new LinkedHashSet<>();
    pods.forEach(governed -> governed.decision().acceleration().ifPresent(winners::add));
    Map<Policy, ShadowedPolicy> shadowed = new LinkedHashMap<>();
    for (NodePolicies.Governed governed : pods) {
      Optional<Policy> winner = governed.decision().acceleration();
      for (Policy policy : governed.decision().shadowed()) {
        if (winner.isPresent() && !winners.contains(policy)) {
          shadowed.putIfAbsent(policy, new ShadowedPolicy(policy.name(), winner.get().name()));
        }
      }
    }
    return List.copyOf(shadowed.values());
  }
}
