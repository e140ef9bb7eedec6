package dev.shunt.cluster.distribute;

import dev.shunt.desired.snapshot.NodeSnapshot;
import dev.shunt.v1.NamespaceLabels;
import dev.shunt.v1.NodeDelta;
import dev.shunt.v1.NodeLabels;
import dev.shunt.v1.PlaneMessage;
import dev.shunt.v1.PodAssignment;
import dev.shunt.v1.PolicyDocument;
import dev.shunt.v1.Reconnect;
import dev.shunt.v1.UpToDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Snapshots as messages. Stateless. */
final class SnapshotMessages {
  private SnapshotMessages() {}

  static PlaneMessage whole(NodeSnapshot snapshot, String nonce) {
    dev.shunt.v1.NodeSnapshot.Builder message =
        dev.shunt.v1.NodeSnapshot.newBuilder()
            .setVersion(snapshot.version())
            .setNonce(nonce)
            .putAllNodeLabels(snapshot.nodeLabels());
    snapshot.policies().values().forEach(policy -> message.addPolicies(policy(policy)));
    snapshot.namespaces().forEach((name, labels) -> message.addNamespaces(namespace(name, labels)));
    snapshot.pods().values().forEach(pod -> message.addPods(pod(pod)));
    return PlaneMessage.newBuilder().setSnapshot(message).build();
  }

  static PlaneMessage delta(NodeSnapshot base, NodeSnapshot next, String nonce) {
    NodeDelta.Builder message =
        NodeDelta.newBuilder()
            .setBaseVersion(base.version())
            .setVersion(next.version())
            .setNonce(nonce);
    message.addAllRemovedPolicies(
        changes(base.policies(), next.policies(), policy -> message.addPolicies(policy(policy))));
    for (Map.Entry<String, Map<String, String>> entry : next.namespaces().entrySet()) {
      if (!entry.getValue().equals(base.namespaces().get(entry.getKey()))) {
        message.addNamespaces(namespace(entry.getKey(), entry.getValue()));
      }
    }
    message.addAllRemovedNamespaces(changes(base.namespaces(), next.namespaces(), changed -> {}));
    if (!next.nodeLabels().equals(base.nodeLabels())) {
      message.setNodeLabels(NodeLabels.newBuilder().putAllLabels(next.nodeLabels()));
    }
    message.addAllRemovedPods(changes(base.pods(), next.pods(), pod -> message.addPods(pod(pod))));
    return PlaneMessage.newBuilder().setDelta(message).build();
  }

  /** Tells what is new or changed; returns the keys of what is gone. */
  private static <V> List<String> changes(
      SortedMap<String, V> base, SortedMap<String, V> next, Consumer<V> changed) {
    List<String> gone = new ArrayList<>();
    if (next == base) {
      return gone; // pods, when only policies were edited
    }
    Iterator<Map.Entry<String, V>> entries = base.entrySet().iterator();
    Map.Entry<String, V> old = following(entries);
    for (Map.Entry<String, V> entry : next.entrySet()) {
      int order = old == null ? 1 : old.getKey().compareTo(entry.getKey());
      while (old != null && order < 0) {
        gone.add(old.getKey());
        old = following(entries);
        order = old == null ? 1 : old.getKey().compareTo(entry.getKey());
      }
      if (old == null || order > 0) {
        changed.accept(entry.getValue());
      } else {
        if (!old.getValue().equals(entry.getValue())) {
          changed.accept(entry.getValue());
        }
        old = following(entries);
      }
    }
    for (; old != null; old = following(entries)) {
      gone.add(old.getKey());
    }
    return gone;
  }

  private static <T> @Nullable T following(Iterator<T> items) {
    return items.hasNext() ? items.next() : null;
  }

  static PlaneMessage upToDate(String version) {
    return PlaneMessage.newBuilder().setUpToDate(UpToDate.newBuilder().setVersion(version)).build();
  }

  static PlaneMessage reconnect(String detail) {
    return PlaneMessage.newBuilder().setReconnect(Reconnect.newBuilder().setDetail(detail)).build();
  }

  private static PolicyDocument policy(dev.shunt.desired.snapshot.PolicyDocument policy) {
    return PolicyDocument.newBuilder().setKey(policy.key()).setJson(policy.json()).build();
  }

  private static NamespaceLabels namespace(String name, Map<String, String> labels) {
    return NamespaceLabels.newBuilder().setName(name).putAllLabels(labels).build();
  }

  private static PodAssignment pod(dev.shunt.desired.snapshot.PodAssignment pod) {
    return PodAssignment.newBuilder()
        .setUid(pod.uid())
        .setNamespace(pod.namespace())
        .setName(pod.name())
        .setWorkload(pod.workload())
        .addAllPolicies(pod.policies())
        .build();
  }
}
