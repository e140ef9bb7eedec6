package dev.shunt.observe;

/**
 * A workload group that policy knows by name.
 *
 * @param id index into endpoint_policies
 * @param name for people, unique on the node
 * @param mode as policy says; never {@code POLICY}
 * @param policy that decided, or {@code default}
 */
public record EndpointStatus(int id, String name, Mode mode, String policy) {}
