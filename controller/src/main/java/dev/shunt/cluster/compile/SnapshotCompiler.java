package dev.shunt.cluster.compile;

import dev.shunt.desired.snapshot.NodeSnapshot;
import dev.shunt.desired.snapshot.PolicyDocument;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes the snapshot of a node from the facts, and remembers what it decided for the pods of each
 * node that there is. Called by the thread that owns the facts.
 */
public final class SnapshotCompiler {
  private final ClusterFacts facts;
  private final Map<String, NodePods> decided = new HashMap<>();

  public SnapshotCompiler(ClusterFacts facts) {
    this.facts = facts;
  }

  /** What a node has to know now; looks at its pods and their policies only. */
  public NodeSnapshot compile(String node) {
    NodePods pods = NodePods.of(facts, node, decided.get(node));
    if (facts.isNode(node)) {
      decided.put(node, pods);
    } else {
      decided.remove(node);
    }
    Map<String, PolicyDocument> policies = new HashMap<>();
    for (String key : pods.policies()) {
      policies.put(key, facts.policy(key).orElseThrow().document());
    }
    for (PolicyFact policy : facts.nodePolicies()) {
      if (policy.policy().selectsNode(node, facts.labels())) {
        policies.put(policy.key(), policy.document());
      }
    }
    Map<String, Map<String, String>> namespaces = new HashMap<>();
    for (String name : pods.namespaces()) {
      namespaces.put(name, facts.labels().ofNamespace(name).orElse(Map.of()));
    }
    return NodeSnapshot.of(
        policies, namespaces, facts.labels().ofNode(node).orElse(Map.of()), pods.assignments());
  }

  /** Remembers nothing of a node that nobody asks for any more. */
  public void forget(String node) {
    decided.remove(node);
  }
}
