package dev.shunt.cluster.compile;

import dev.shunt.desired.pod.PodFacts;
import java.util.Map;
import java.util.Optional;

/** Something that is so from now on in the cluster. A later fact with the same key replaces it. */
public sealed interface Fact {
  /** What the fact is about, unique among all facts. */
  String key();

  /** A pod of a node; empty: there is none with this UID any more. */
  record Pod(String uid, Optional<PodFacts> facts) implements Fact {
    @Override
    public String key() {
      return "pod " + uid;
    }
  }

  /** A policy; empty: deleted. */
  record Policy(String policy, Optional<PolicyFact> facts) implements Fact {
    @Override
    public String key() {
      return "policy " + policy;
    }
  }

  /** Labels of a namespace; empty: deleted. */
  record Namespace(String name, Optional<Map<String, String>> labels) implements Fact {
    @Override
    public String key() {
      return "namespace " + name;
    }
  }

  /** Labels of a node; empty: deleted. */
  record Node(String name, Optional<Map<String, String>> labels) implements Fact {
    @Override
    public String key() {
      return "node " + name;
    }
  }
}
