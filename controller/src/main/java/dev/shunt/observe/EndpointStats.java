package dev.shunt.observe;

/**
 * Counters of one endpoint.
 *
 * @param id index into endpoint_policies
 * @param name as in {@link EndpointStatus}
 * @param totals since the pinned counters were created
 */
public record EndpointStats(int id, String name, Totals totals) {}
