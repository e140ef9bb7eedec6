package dev.shunt.cluster.compile;

import dev.shunt.desired.pod.Labels;
import dev.shunt.desired.pod.PodDecision;
import dev.shunt.desired.pod.PodFacts;
import dev.shunt.desired.pod.PodPolicies;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All facts, with the indexes that make one of them cheap. Not thread safe: one thread owns it. */
public final class ClusterFacts {
  /** Where cluster-wide policies stand in the index by namespace. */
  static final String CLUSTER = "";

  private final Map<String, PolicyFact> policies = new HashMap<>();
  private final Map<String, Map<String, PolicyFact>> policiesByNamespace = new HashMap<>();
  private final Map<String, PolicyFact> nodePolicies = new HashMap<>();
  private final PodIndex pods = new PodIndex();
  private final Map<String, Map<String, String>> namespaces = new HashMap<>();
  private final Map<String, Map<String, String>> nodes = new TreeMap<>();

  /** Of a namespace and the cluster together, ranked; made when first asked for. */
  private final Map<String, PodPolicies> ranked = new HashMap<>();

  private final Revisions revisions = new Revisions();
  private @Nullable Labels labels;

  /** Takes a fact and returns the nodes whose snapshot it may change. */
  public Set<String> apply(Fact fact) {
    if (fact instanceof Fact.Pod pod) {
      return pods.apply(pod);
    }
    if (fact instanceof Fact.Policy policy) {
      return apply(policy);
    }
    if (fact instanceof Fact.Namespace namespace) {
      return apply(namespace);
    }
    Fact.Node node = (Fact.Node) fact;
    return replace(nodes, node.name(), node.labels()) ? Set.of(node.name()) : Set.of();
  }

  private Set<String> apply(Fact.Namespace namespace) {
    if (!replace(namespaces, namespace.name(), namespace.labels())) {
      return Set.of();
    }
    revisions.changed(namespace.name());
    return Set.copyOf(pods.nodesOf(namespace.name()));
  }

  private Set<String> apply(Fact.Policy policy) {
    PolicyFact after = policy.facts().orElse(null);
    PolicyFact before =
        after == null ? policies.remove(policy.policy()) : policies.put(policy.policy(), after);
    if (Objects.equals(before, after)) {
      return Set.of();
    }
    boolean selectsTheSame = before != null && after != null && before.selectsAs(after);
    if (!selectsTheSame) {
      revisions.changed((after == null ? Objects.requireNonNull(before) : after).namespace());
    }
    Set<String> touched = new HashSet<>();
    if (before != null) {
      touched.addAll(touchedBy(before));
      nodePolicies.remove(before.key());
      removeFromNamespace(before);
      forgetRanking(before.namespace());
    }
    if (after != null) {
      policiesByNamespace
          .computeIfAbsent(after.namespace(), name -> new HashMap<>())
          .put(after.key(), after);
      forgetRanking(after.namespace());
      if (after.policy().isAboutNodes()) {
        nodePolicies.put(after.key(), after);
      }
      if (!selectsTheSame) {
        touched.addAll(touchedBy(after));
      }
    }
    return touched;
  }

  private void removeFromNamespace(PolicyFact policy) {
    policiesByNamespace.computeIfPresent(
        policy.namespace(),
        (namespace, members) -> {
          members.remove(policy.key());
          return members.isEmpty() ? null : members;
        });
  }

  private void forgetRanking(String namespace) {
    if (namespace.equals(CLUSTER)) {
      ranked.clear();
    } else {
      ranked.remove(namespace);
    }
  }

  private boolean replace(
      Map<String, Map<String, String>> map, String name, Optional<Map<String, String>> of) {
    Map<String, String> after = of.map(Map::copyOf).orElse(null);
    Map<String, String> before = after == null ? map.remove(name) : map.put(name, after);
    if (Objects.equals(before, after)) {
      if (before != null) {
        map.put(name, before); // whoever compares objects sees that nothing changed
      }
      return false;
    }
    labels = null;
    return true;
  }

  /** Nodes that have something that a policy selects. */
  public Set<String> touchedBy(PolicyFact policy) {
    Set<String> touched = new HashSet<>();
    if (policy.policy().isAboutNodes()) {
      for (String node : nodes.keySet()) {
        if (policy.policy().selectsNode(node, labels())) {
          touched.add(node);
        }
      }
      return touched;
    }
    Collection<String> candidates =
        policy.namespace().equals(CLUSTER) ? pods.nodes() : pods.nodesOf(policy.namespace());
    for (String node : candidates) {
      if (policy.policy().selectsNode(node, labels())
          && podsOf(node).stream().anyMatch(pod -> policy.policy().selects(pod, labels()))) {
        touched.add(node);
      }
    }
    return touched;
  }

  /** Pods that a policy selects, on all nodes. */
  public Stream<PodFacts> matchedBy(PolicyFact policy) {
    return pods.all().filter(pod -> policy.policy().selects(pod, labels()));
  }

  /** All policies. */
  public Collection<PolicyFact> policies() {
    return Collections.unmodifiableCollection(policies.values());
  }

  /** The policy with a key. */
  public Optional<PolicyFact> policy(String key) {
    return Optional.ofNullable(policies.get(key));
  }

  /** Cluster-wide policies and those of a namespace. */
  private Stream<PolicyFact> policiesOf(String namespace) {
    Stream<PolicyFact> cluster =
        policiesByNamespace.getOrDefault(CLUSTER, Map.of()).values().stream();
    return namespace.equals(CLUSTER)
        ? cluster
        : Stream.concat(
            cluster, policiesByNamespace.getOrDefault(namespace, Map.of()).values().stream());
  }

  /** Policies about interfaces of nodes. */
  Collection<PolicyFact> nodePolicies() {
    return nodePolicies.values();
  }

  /** When it changed which policies select which pods. */
  Revisions revisions() {
    return revisions;
  }

  /** Policies that may hold for pods of a namespace, ranked. */
  private PodPolicies ranked(String namespace) {
    if (ranked.size() >= Revisions.NAMESPACES_MAX && !ranked.containsKey(namespace)) {
      ranked.clear(); // most of them were deleted
    }
    return ranked.computeIfAbsent(
        namespace, name -> PodPolicies.of(policiesOf(name).map(PolicyFact::policy).toList()));
  }

  /** Of how many namespaces policies, and a ranking of them, are held. */
  int namespacesWithPolicies() {
    return policiesByNamespace.size() + ranked.size();
  }

  /** Which policies hold for a pod. */
  public PodDecision decide(PodFacts pod) {
    return ranked(pod.namespace()).decide(pod, labels());
  }

  /** Pods of a node. */
  public Collection<PodFacts> podsOf(String node) {
    return pods.podsOf(node);
  }

  /** A number that grows with each change of the pods of a node; 0: it has none. */
  long podsRevision(String node) {
    return pods.revision(node);
  }

  /** The pod of a name; of two, while one replaces the other, one that has a node. */
  public Optional<PodFacts> pod(String namespace, String name) {
    return pods.all()
        .filter(pod -> pod.name().equals(name) && pod.namespace().equals(namespace))
        .max((a, b) -> Boolean.compare(!a.node().isEmpty(), !b.node().isEmpty()));
  }

  /** Names of all nodes, sorted. */
  public Set<String> nodes() {
    return Collections.unmodifiableSet(nodes.keySet());
  }

  /** Whether there is a node of this name. */
  boolean isNode(String name) {
    return nodes.containsKey(name);
  }

  /** How many pods there are. */
  public int podCount() {
    return pods.count();
  }

  /** Of namespaces and nodes. */
  Labels labels() {
    Labels known = labels;
    if (known == null) {
      known = new Labels(namespaces, nodes);
      labels = known;
    }
    return known;
  }
}
