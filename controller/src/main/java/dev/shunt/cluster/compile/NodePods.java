package dev.shunt.cluster.compile;

import dev.shunt.desired.pod.PodFacts;
import dev.shunt.desired.pod.PodPolicy;
import dev.shunt.desired.snapshot.Assignments;
import dev.shunt.desired.snapshot.PodAssignment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which policies hold for the pods of a node, and what that was decided from, so that it is decided
 * anew only where that changed. Immutable.
 */
final class NodePods {
  private final Basis basis;
  private final Map<String, Decided> byUid;
  private final Assignments assignments;
  private final Set<String> policies = new TreeSet<>();
  private final Set<String> namespaces = new TreeSet<>();

  /**
   * What all of it was decided from.
   *
   * @param selecting the last revision of what policies select
   * @param pods the revision of the node's pods
   * @param nodeLabels the very object: facts replace it when it changes
   */
  private record Basis(long selecting, long pods, Map<String, String> nodeLabels) {
    static Basis of(ClusterFacts facts, String node) {
      return new Basis(
          facts.revisions().latest(),
          facts.podsRevision(node),
          facts.labels().ofNode(node).orElse(Map.of()));
    }

    boolean isStill(Basis now) {
      return selecting == now.selecting && pods == now.pods && nodeLabels == now.nodeLabels;
    }
  }

  /** One pod; facts about it are replaced when they change. */
  private record Decided(PodFacts pod, PodAssignment assignment) {}

  private NodePods(Basis basis, Map<String, Decided> byUid) {
    this.basis = basis;
    this.byUid = byUid;
    Map<String, PodAssignment> pods = new HashMap<>();
    byUid.forEach(
        (uid, decided) -> {
          pods.put(uid, decided.assignment());
          policies.addAll(decided.assignment().policies());
          namespaces.add(decided.pod().namespace());
        });
    assignments = Assignments.of(pods);
  }

  /** Decides for the pods that a node has now; {@code before} itself when nothing changed. */
  static NodePods of(ClusterFacts facts, String node, @Nullable NodePods before) {
    Basis now = Basis.of(facts, node);
    if (before != null && before.basis.isStill(now)) {
      return before;
    }
    Map<String, Decided> byUid = new HashMap<>();
    IdentityHashMap<PodPolicy, String> keys = new IdentityHashMap<>();
    for (PodFacts pod : facts.podsOf(node)) {
      Decided known = before == null ? null : before.stillDecided(pod, now, facts.revisions());
      byUid.put(pod.uid(), known == null ? new Decided(pod, assignment(facts, pod, keys)) : known);
    }
    return new NodePods(now, byUid);
  }

  /** What was decided for a pod, if the same would be decided now. */
  private @Nullable Decided stillDecided(PodFacts pod, Basis now, Revisions revisions) {
    Decided known = byUid.get(pod.uid());
    return known != null
            && known.pod().equals(pod)
            && basis.nodeLabels == now.nodeLabels
            && revisions.of(pod.namespace()) <= basis.selecting
        ? known
        : null;
  }

  private static PodAssignment assignment(
      ClusterFacts facts, PodFacts pod, IdentityHashMap<PodPolicy, String> known) {
    List<String> keys = new ArrayList<>();
    for (PodPolicy policy : facts.decide(pod).selecting()) {
      keys.add(known.computeIfAbsent(policy, p -> key(facts, p)));
    }
    return new PodAssignment(
        pod.uid(), pod.namespace(), pod.name(), pod.workload().toString(), keys);
  }

  /** One text for all snapshots: a copy for each pod would be most of what they hold. */
  private static String key(ClusterFacts facts, PodPolicy policy) {
    return facts.policy(policy.name().toString()).orElseThrow().key();
  }

  Assignments assignments() {
    return assignments;
  }

  /** Keys of the policies that select any of the pods. */
  Set<String> policies() {
    return policies;
  }

  /** Where the pods are. */
  Set<String> namespaces() {
    return namespaces;
  }
}
