package dev.shunt.desired.snapshot;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that a node is told, whole. Immutable.
 *
 * @param policies those that touch the node, by key
 * @param namespaces labels of the namespaces that have pods on the node, by name
 * @param nodeLabels of the Node object
 * @param pods by UID
 * @param version digest of the other four: 32 hexadecimal digits
 */
public record NodeSnapshot(
    SortedMap<String, PolicyDocument> policies,
    SortedMap<String, Map<String, String>> namespaces,
    SortedMap<String, String> nodeLabels,
    SortedMap<String, PodAssignment> pods,
    String version) {
  /** Nothing at all. */
  public static final NodeSnapshot EMPTY = of(Map.of(), Map.of(), Map.of(), Map.of());

  /** Copies the maps and gives them their version. */
  public static NodeSnapshot of(
      Map<String, PolicyDocument> policies,
      Map<String, ? extends Map<String, String>> namespaces,
      Map<String, String> nodeLabels,
      Map<String, PodAssignment> pods) {
    SortedMap<String, Map<String, String>> labels = new TreeMap<>();
    namespaces.forEach((name, of) -> labels.put(name, sorted(of)));
    SortedMap<String, PolicyDocument> documents = sorted(policies);
    SortedMap<String, PodAssignment> assignments = sorted(pods);
    SortedMap<String, String> node = sorted(nodeLabels);
    return new NodeSnapshot(
        documents,
        Collections.unmodifiableSortedMap(labels),
        node,
        assignments,
        digest(documents, labels, node, assignments));
  }

  private static <V> SortedMap<String, V> sorted(Map<String, V> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }

  /** Every text is preceded by its length: no two contents are written alike. */
  private static String digest(
      Map<String, PolicyDocument> policies,
      Map<String, Map<String, String>> namespaces,
      Map<String, String> nodeLabels,
      Map<String, PodAssignment> pods) {
    StringBuilder text = new StringBuilder();
    text.append(policies.size());
    policies.forEach((key, policy) -> text(text, key).append(policy.digest()));
    text.append(namespaces.size());
    namespaces.forEach(
        (name, of) -> {
          text(text, name);
          labels(text, of);
        });
    labels(text, nodeLabels);
    text.append(pods.size());
    pods.forEach(
        (uid, pod) -> {
          text(text, uid);
          text(text, pod.namespace());
          text(text, pod.name());
          text(text, pod.workload()).append(pod.policies().size());
          pod.policies().forEach(key -> text(text, key));
        });
    return Digests.of(text.toString());
  }

  private static void labels(StringBuilder text, Map<String, String> labels) {
    text.append(labels.size());
    labels.forEach(
        (key, value) -> {
          text(text, key);
          text(text, value);
        });
  }

  private static StringBuilder text(StringBuilder to, String value) {
    return to.append(';').append(value.length()).append(':').append(value);
  }
}
