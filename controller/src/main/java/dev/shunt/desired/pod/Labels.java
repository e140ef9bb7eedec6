package dev.shunt.desired.pod;

import java.util.Map;
import java.util.Optional;

/**
 * Labels of namespaces and nodes, as far as they are known.
 *
 * @param ofNamespaces by name
 * @param ofNodes by name
 */
public record Labels(
    Map<String, Map<String, String>> ofNamespaces, Map<String, Map<String, String>> ofNodes) {
  /** Nothing is known. */
  public static final Labels UNKNOWN = new Labels(Map.of(), Map.of());

  /** Copies the maps. */
  public Labels {
    ofNamespaces = Map.copyOf(ofNamespaces);
    ofNodes = Map.copyOf(ofNodes);
  }

  /** Those of a namespace; empty while they are not known. */
  public Optional<Map<String, String>> ofNamespace(String name) {
    return Optional.ofNullable(ofNamespaces.get(name));
  }

  /** Those of a node; empty while they are not known. */
  public Optional<Map<String, String>> ofNode(String name) {
    return Optional.ofNullable(ofNodes.get(name));
  }
}
