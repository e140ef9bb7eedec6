package dev.shunt.desired;

/**
 * A network namespace that the node serves.
 *
 * @param endpointId of sockets that no selector matches
 * @param interception whether a sidecar intercepts its outbound traffic
 */
public record DesiredNamespace(int endpointId, Interception interception) {}
