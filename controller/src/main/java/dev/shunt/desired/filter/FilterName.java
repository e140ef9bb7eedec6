package dev.shunt.desired.filter;

/**
 * Identity of a filter, unique on the node.
 *
 * @param namespace it belongs to; empty for a cluster filter
 * @param name within the namespace
 */
public record FilterName(String namespace, String name) implements Comparable<FilterName> {
  /** By namespace, then by name. */
  @Override
  public int compareTo(FilterName other) {
    int namespaces = namespace.compareTo(other.namespace);
    return namespaces == 0 ? name.compareTo(other.name) : namespaces;
  }

  /** {@code namespace/name}, or {@code cluster:name}. */
  @Override
  public String toString() {
    return namespace.isEmpty() ? "cluster:" + name : namespace + "/" + name;
  }
}
