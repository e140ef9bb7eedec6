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
  public static final NodeSnapshot EMPTY =
      of(Map.of(), Map.of(), Map.of(), Assignments.of(Map.of()));

  /** Copies the maps and gives them their version; {@link #pods} is that of the assignments. */
  public static NodeSnapshot of(
      Map<String, PolicyDocument> policies,
      Map<String, ? extends Map<String, String>> namespaces,
      Map<String, String> nodeLabels,
      Assignments pods) {
    SortedMap<String, Map<String, String>> labels = new TreeMap<>();
    namespaces.forEach((name, of) -> labels.put(name, sorted(of)));
    SortedMap<String, PolicyDocument> documents = sorted(policies);
    SortedMap<String, String> node = sorted(nodeLabels);
    DigestText text = new DigestText().count(documents.size());
    documents.forEach((key, policy) -> text.text(key).digest(policy.digest()));
    text.count(labels.size());
    labels.forEach((name, of) -> text.text(name).labels(of));
    text.labels(node);
    return new NodeSnapshot(
        documents,
        Collections.unmodifiableSortedMap(labels),
        node,
        pods.byUid(),
        Digests.of(text.toString(), pods.text()));
  }

  private static <V> SortedMap<String, V> sorted(Map<String, V> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }
}
