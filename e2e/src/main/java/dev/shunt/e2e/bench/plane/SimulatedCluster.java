package dev.shunt.e2e.bench.plane;

import dev.shunt.cluster.compile.Fact;
import dev.shunt.cluster.compile.FactSink;
import dev.shunt.cluster.compile.PolicyFact;
import dev.shunt.desired.Interception;
import dev.shunt.desired.pod.PodFacts;
import dev.shunt.desired.pod.PodId;
import dev.shunt.desired.pod.PodNetwork;
import dev.shunt.desired.pod.PodPhase;
import dev.shunt.desired.pod.PodPolicy;
import dev.shunt.desired.pod.Workload;
import dev.shunt.desired.snapshot.PolicyDocument;
import dev.shunt.ingest.file.PolicyDocuments;
import dev.shunt.ingest.file.RefusedPolicyException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Facts of a cluster that does not exist: pods of 100 namespaces spread over all nodes, a policy
 * for each namespace, and one for the cluster. Immutable.
 *
 * @param nodes how many
 * @param podsPerNode how many pods each has
 */
record SimulatedCluster(int nodes, int podsPerNode) {
  private static final int NAMESPACES = 100;

  /** What every pod is labelled with, as workloads of a mesh are. */
  private static Map<String, String> labels(int pod, int edition) {
    return Map.of(
        "app",
        "app-" + pod % 40,
        "version",
        "v" + edition,
        "pod-template-hash",
        Integer.toHexString(pod * 31),
        "security.istio.io/tlsMode",
        "istio");
  }

  static String nodeName(int node) {
    return String.format(Locale.ROOT, "node-%05d", node);
  }

  /** Tells everything once. */
  void tell(FactSink sink) {
    for (int i = 0; i < NAMESPACES; i++) {
      sink.accept(new Fact.Namespace(namespace(i), Optional.of(Map.of("team", "team-" + i % 10))));
      sink.accept(policy("Acceleration", namespace(i), "accelerate"));
    }
    sink.accept(clusterPolicy(0));
    for (int node = 0; node < nodes; node++) {
      sink.accept(
          new Fact.Node(
              nodeName(node), Optional.of(Map.of("topology.kubernetes.io/zone", "z" + node % 3))));
      for (int pod = 0; pod < podsPerNode; pod++) {
        sink.accept(pod(node, pod, 0));
      }
    }
    sink.synced();
  }

  /** A pod after so many changes of its labels. */
  Fact pod(int node, int pod, int edition) {
    int number = node * podsPerNode + pod;
    String app = "app-" + number % 40;
    String uid = String.format(Locale.ROOT, "%08x-0000-4000-8000-%012x", number, number);
    PodFacts facts =
        new PodFacts(
            new PodId(uid, namespace(number % NAMESPACES), app + "-" + number),
            nodeName(node),
            labels(number, edition),
            new Workload("Deployment", app),
            PodNetwork.OWN,
            PodPhase.RUNNING,
            Interception.OUTBOUND);
    return new Fact.Pod(uid, Optional.of(facts));
  }

  /**
   * A pod that joins or leaves its node: its labels alone would not change what the node is told.
   */
  Fact podEvent(int node, int edition) {
    int number = nodes * podsPerNode + node;
    String uid = String.format(Locale.ROOT, "%08x-1111-4000-8000-%012x", number, edition);
    String before = String.format(Locale.ROOT, "%08x-1111-4000-8000-%012x", number, edition - 1);
    if (edition % 2 == 0) {
      return new Fact.Pod(before, Optional.empty());
    }
    PodFacts facts =
        new PodFacts(
            new PodId(uid, namespace(number % NAMESPACES), "job-" + edition),
            nodeName(node),
            labels(number, edition),
            new Workload("Job", "job"),
            PodNetwork.OWN,
            PodPhase.RUNNING,
            Interception.NONE);
    return new Fact.Pod(uid, Optional.of(facts));
  }

  /** The policy that every pod of every node has, after so many edits. */
  static Fact clusterPolicy(int edition) {
    return policy(
        "{\"apiVersion\":\"shunt.dev/v1alpha1\",\"kind\":\"ClusterAcceleration\","
            + "\"metadata\":{\"name\":\"default\"},\"spec\":{\"mode\":\"observe\",\"ports\":"
            + "{\"exclude\":["
            + (1000 + edition)
            + "]}}}");
  }

  private static Fact policy(String kind, String namespace, String mode) {
    return policy(
        "{\"apiVersion\":\"shunt.dev/v1alpha1\",\"kind\":\"%s\",\"metadata\":".formatted(kind)
            + "{\"name\":\"apps\",\"namespace\":\"%s\"},\"spec\":{\"podSelector\":"
                .formatted(namespace)
            + "{\"matchExpressions\":[{\"key\":\"app\",\"operator\":\"Exists\"}]},"
            + "\"mode\":\"%s\",\"ports\":{\"include\":[8080,\"9000-9100\"]}}}".formatted(mode));
  }

  private static Fact policy(String json) {
    try {
      PodPolicy policy = PolicyDocuments.read(json, "simulated").get(0);
      String key = policy.name().toString();
      return new Fact.Policy(
          key, Optional.of(new PolicyFact(PolicyDocument.of(key, json), policy)));
    } catch (RefusedPolicyException e) {
      throw new IllegalStateException("a simulated policy is bad: " + e.getMessage(), e);
    }
  }

  private static String namespace(int number) {
    return "ns-" + number;
  }
}
