package dev.shunt.observe;

/**
 * Whose socket it is.
 *
 * @param namespace name of the network namespace, as in {@link NamespaceStatus}
 * @param endpoint name, as in {@link EndpointStatus}; empty when unknown
 * @param cgroup path of the cgroup when it still exists; empty otherwise
 */
public record Placement(String namespace, String endpoint, String cgroup) {}
