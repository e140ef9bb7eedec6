package dev.shunt.cluster.compile;

import dev.shunt.desired.pod.PodFacts;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Pods by UID, by node, and where namespaces have pods. Not thread safe. */
final class PodIndex {
  private final Map<String, PodFacts> pods = new HashMap<>();
  private final Map<String, Map<String, PodFacts>> byNode = new HashMap<>();
  private final Map<String, Map<String, Integer>> nodesByNamespace = new HashMap<>();
  private final Map<String, Long> revisions = new HashMap<>();
  private long changes;

  /** Takes a fact and returns the nodes that the pod was and is on; none when nothing changed. */
  Set<String> apply(Fact.Pod fact) {
    PodFacts after = fact.facts().orElse(null);
    PodFacts before = after == null ? pods.remove(fact.uid()) : pods.put(fact.uid(), after);
    if (before != null && before.equals(after)) {
      return Set.of();
    }
    Set<String> touched = new HashSet<>();
    if (before != null && !before.node().isEmpty()) {
      touched.add(before.node());
      remove(before);
    }
    if (after != null && !after.node().isEmpty()) {
      touched.add(after.node());
      byNode.computeIfAbsent(after.node(), node -> new HashMap<>()).put(after.uid(), after);
      nodesByNamespace
          .computeIfAbsent(after.namespace(), name -> new HashMap<>())
          .merge(after.node(), 1, Integer::sum);
    }
    changes++;
    for (String node : touched) {
      if (byNode.containsKey(node)) {
        revisions.put(node, changes);
      } else {
        revisions.remove(node);
      }
    }
    return touched;
  }

  private void remove(PodFacts pod) {
    byNode.computeIfPresent(
        pod.node(),
        (node, members) -> {
          members.remove(pod.uid());
          return members.isEmpty() ? null : members;
        });
    nodesByNamespace.computeIfPresent(
        pod.namespace(),
        (namespace, nodes) -> {
          nodes.computeIfPresent(pod.node(), (node, count) -> count == 1 ? null : count - 1);
          return nodes.isEmpty() ? null : nodes;
        });
  }

  /** All pods, also those without a node. */
  Stream<PodFacts> all() {
    return pods.values().stream();
  }

  Collection<PodFacts> podsOf(String node) {
    return byNode.getOrDefault(node, Map.of()).values();
  }

  /** Grows with each change of the pods of a node; 0: it has none. */
  long revision(String node) {
    return revisions.getOrDefault(node, 0L);
  }

  /** Nodes that have pods. */
  Set<String> nodes() {
    return Collections.unmodifiableSet(byNode.keySet());
  }

  /** Nodes that have pods of a namespace. */
  Set<String> nodesOf(String namespace) {
    return nodesByNamespace.getOrDefault(namespace, Map.of()).keySet();
  }

  int count() {
    return pods.size();
  }
}
