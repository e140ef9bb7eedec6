package dev.shunt.observe;

import java.util.List;

/**
 * A network namespace that the node watches.
 *
 * @param name {@code host}, a name under /run/netns, or {@code net:[inode]}
 * @param netnsCookie SO_NETNS_COOKIE; 0 when unknown
 * @param interfaces interfaces that carry the adoption hook; empty when not hooked
 * @param error why an interface carries none; empty when all do
 */
public record NamespaceStatus(
    String name, long netnsCookie, List<String> interfaces, String error) {
  /** Copies the list. */
  public NamespaceStatus {
    interfaces = List.copyOf(interfaces);
  }

  /** True when adoption is possible here. */
  public boolean hooked() {
    return !interfaces.isEmpty();
  }
}
