package dev.shunt.observe;

import java.time.Instant;
import java.util.List;

/**
 * All counters at one moment. Immutable.
 *
 * @param time when the counters were read
 * @param totals of the node; at least the sum of the endpoints
 * @param endpoints those known now
 * @param node counters that belong to no endpoint
 * @param maps fill of each map with a bound
 */
public record StatsSnapshot(
    Instant time,
    Totals totals,
    List<EndpointStats> endpoints,
    NodeCounters node,
    List<MapFill> maps) {
  /** Copies the lists. */
  public StatsSnapshot {
    endpoints = List.copyOf(endpoints);
    maps = List.copyOf(maps);
  }
}
