package dev.shunt.ingest.distribution;

import dev.shunt.desired.snapshot.Assignments;
import dev.shunt.desired.snapshot.NodeSnapshot;
import dev.shunt.desired.snapshot.PodAssignment;
import dev.shunt.desired.snapshot.PolicyDocument;
import dev.shunt.v1.NackReason;
import dev.shunt.v1.NamespaceLabels;
import dev.shunt.v1.NodeDelta;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Messages as snapshots, and back for the disk. Stateless. */
final class SnapshotMerge {
  private SnapshotMerge() {}

  /** The message cannot become the snapshot that it says it is. */
  static final class MisfitException extends Exception {
    private static final long serialVersionUID = 1L;

    private final NackReason reason;

    MisfitException(NackReason reason, String message) {
      super(message);
      this.reason = reason;
    }

    NackReason reason() {
      return reason;
    }
  }

  static NodeSnapshot whole(dev.shunt.v1.NodeSnapshot message) throws MisfitException {
    NodeSnapshot snapshot =
        NodeSnapshot.of(
            policies(new HashMap<>(), message.getPoliciesList()),
            namespaces(new HashMap<>(), message.getNamespacesList()),
            message.getNodeLabelsMap(),
            Assignments.of(pods(new HashMap<>(), message.getPodsList())));
    return checked(snapshot, message.getVersion());
  }

  static NodeSnapshot apply(NodeSnapshot base, NodeDelta delta) throws MisfitException {
    if (!base.version().equals(delta.getBaseVersion())) {
      throw new MisfitException(
          NackReason.NACK_REASON_BASE_UNKNOWN,
          "delta to version %s, this node holds %s"
              .formatted(delta.getBaseVersion(), base.version()));
    }
    Map<String, PolicyDocument> policies = new HashMap<>(base.policies());
    policies.keySet().removeAll(delta.getRemovedPoliciesList());
    Map<String, Map<String, String>> namespaces = new HashMap<>(base.namespaces());
    namespaces.keySet().removeAll(delta.getRemovedNamespacesList());
    Map<String, PodAssignment> pods = new HashMap<>(base.pods());
    pods.keySet().removeAll(delta.getRemovedPodsList());
    NodeSnapshot next =
        NodeSnapshot.of(
            policies(policies, delta.getPoliciesList()),
            namespaces(namespaces, delta.getNamespacesList()),
            delta.hasNodeLabels() ? delta.getNodeLabels().getLabelsMap() : base.nodeLabels(),
            Assignments.of(pods(pods, delta.getPodsList())));
    return checked(next, delta.getVersion());
  }

  private static NodeSnapshot checked(NodeSnapshot snapshot, String version)
      throws MisfitException {
    if (!snapshot.version().equals(version)) {
      throw new MisfitException(
          NackReason.NACK_REASON_DIGEST_MISMATCH,
          "content of version %s has the digest %s".formatted(version, snapshot.version()));
    }
    return snapshot;
  }

  private static Map<String, PolicyDocument> policies(
      Map<String, PolicyDocument> into, List<dev.shunt.v1.PolicyDocument> messages) {
    for (dev.shunt.v1.PolicyDocument message : messages) {
      into.put(message.getKey(), PolicyDocument.of(message.getKey(), message.getJson()));
    }
    return into;
  }

  private static Map<String, Map<String, String>> namespaces(
      Map<String, Map<String, String>> into, List<NamespaceLabels> messages) {
    for (NamespaceLabels message : messages) {
      into.put(message.getName(), message.getLabelsMap());
    }
    return into;
  }

  private static Map<String, PodAssignment> pods(
      Map<String, PodAssignment> into, List<dev.shunt.v1.PodAssignment> messages) {
    for (dev.shunt.v1.PodAssignment message : messages) {
      into.put(
          message.getUid(),
          new PodAssignment(
              message.getUid(),
              message.getNamespace(),
              message.getName(),
              message.getWorkload(),
              message.getPoliciesList()));
    }
    return into;
  }

  /** As it is kept on the disk. */
  static dev.shunt.v1.NodeSnapshot message(NodeSnapshot snapshot) {
    dev.shunt.v1.NodeSnapshot.Builder message =
        dev.shunt.v1.NodeSnapshot.newBuilder()
            .setVersion(snapshot.version())
            .putAllNodeLabels(snapshot.nodeLabels());
    for (PolicyDocument policy : snapshot.policies().values()) {
      message.addPoliciesBuilder().setKey(policy.key()).setJson(policy.json());
    }
    snapshot
        .namespaces()
        .forEach(
            (name, labels) -> message.addNamespacesBuilder().setName(name).putAllLabels(labels));
    for (PodAssignment pod : snapshot.pods().values()) {
      message
          .addPodsBuilder()
          .setUid(pod.uid())
          .setNamespace(pod.namespace())
          .setName(pod.name())
          .setWorkload(pod.workload())
          .addAllPolicies(pod.policies());
    }
    return message.build();
  }
}
