package dev.shunt.cluster.compile;

import dev.shunt.desired.pod.PodFacts;
import dev.shunt.desired.pod.PodPolicy;
import dev.shunt.desired.snapshot.NodeSnapshot;
import dev.shunt.desired.snapshot.PodAssignment;
import dev.shunt.desired.snapshot.PolicyDocument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Makes the snapshot of a node from the facts. Called by the thread that owns the facts. */
public final class SnapshotCompiler {
  private final ClusterFacts facts;

  public SnapshotCompiler(ClusterFacts facts) {
    this.facts = facts;
  }

  /** What a node has to know now; looks at its pods and their policies only. */
  public NodeSnapshot compile(String node) {
    Map<String, PolicyDocument> policies = new HashMap<>();
    Map<String, Map<String, String>> namespaces = new HashMap<>();
    Map<String, PodAssignment> pods = new HashMap<>();
    IdentityHashMap<PodPolicy, PolicyFact> known = new IdentityHashMap<>();
    for (PodFacts pod : facts.podsOf(node)) {
      List<String> keys = new ArrayList<>();
      for (PodPolicy policy : facts.decide(pod).selecting()) {
        PolicyFact fact = known.computeIfAbsent(policy, this::fact);
        policies.put(fact.key(), fact.document());
        keys.add(fact.key());
      }
      namespaces.computeIfAbsent(
          pod.namespace(), name -> facts.labels().ofNamespace(name).orElse(Map.of()));
      pods.put(
          pod.uid(),
          new PodAssignment(
              pod.uid(), pod.namespace(), pod.name(), pod.workload().toString(), keys));
    }
    for (PolicyFact policy : facts.nodePolicies()) {
      if (policy.policy().selectsNode(node, facts.labels())) {
        policies.put(policy.key(), policy.document());
      }
    }
    return NodeSnapshot.of(
        policies, namespaces, facts.labels().ofNode(node).orElse(Map.of()), pods);
  }

  /** Its key is one text for all snapshots: a copy for each pod would be most of what they hold. */
  private PolicyFact fact(PodPolicy policy) {
    return facts.policy(policy.name().toString()).orElseThrow();
  }
}
