package dev.shunt.cluster;

import dev.shunt.cluster.compile.Fact;
import dev.shunt.cluster.compile.PolicyFact;
import dev.shunt.desired.Interception;
import dev.shunt.desired.pod.PodFacts;
import dev.shunt.desired.pod.PodId;
import dev.shunt.desired.pod.PodNetwork;
import dev.shunt.desired.pod.PodPhase;
import dev.shunt.desired.pod.Workload;
import dev.shunt.desired.snapshot.PolicyDocument;
import dev.shunt.ingest.file.PolicyDocuments;
import dev.shunt.ingest.file.RefusedPolicyException;
import java.util.Map;
import java.util.Optional;

/** Facts for tests, with as few words as possible. */
public final class TestFacts {
  private TestFacts() {}

  /** A running pod of Deployment {@code app}, labelled {@code app=app}. */
  public static Fact.Pod pod(String uid, String namespace, String node, String app) {
    PodFacts facts =
        new PodFacts(
            new PodId(uid, namespace, app + "-" + uid),
            node,
            Map.of("app", app),
            new Workload("Deployment", app),
            PodNetwork.OWN,
            PodPhase.RUNNING,
            Interception.NONE);
    return new Fact.Pod(uid, Optional.of(facts));
  }

  public static Fact.Pod noPod(String uid) {
    return new Fact.Pod(uid, Optional.empty());
  }

  public static Fact.Node node(String name, Map<String, String> labels) {
    return new Fact.Node(name, Optional.of(labels));
  }

  public static Fact.Namespace namespace(String name, Map<String, String> labels) {
    return new Fact.Namespace(name, Optional.of(labels));
  }

  /** An Acceleration of pods labelled {@code app=app}. */
  public static Fact.Policy acceleration(String namespace, String app, String mode) {
    return policy(
        """
        {"apiVersion":"shunt.dev/v1alpha1","kind":"Acceleration",
        "metadata":{"name":"%s","namespace":"%s"},
        "spec":{"podSelector":{"matchLabels":{"app":"%s"}},"mode":"%s"}}\
        """
            .formatted(app, namespace, app, mode));
  }

  /** A ClusterAcceleration with this spec. */
  public static Fact.Policy clusterAcceleration(String name, String spec) {
    return policy(
        """
        {"apiVersion":"shunt.dev/v1alpha1","kind":"ClusterAcceleration",
        "metadata":{"name":"%s"},"spec":%s}\
        """
            .formatted(name, spec));
  }

  /** The policy of a document. */
  public static Fact.Policy policy(String json) {
    try {
      var policy = PolicyDocuments.read(json, "test").get(0);
      String key = policy.name().toString();
      return new Fact.Policy(
          key, Optional.of(new PolicyFact(PolicyDocument.of(key, json), policy)));
    } catch (RefusedPolicyException e) {
      throw new IllegalArgumentException(e);
    }
  }

  public static Fact.Policy noPolicy(String key) {
    return new Fact.Policy(key, Optional.empty());
  }
}
