package dev.shunt.datapath.programs;

import java.util.List;

/**
 * Names of the maps in the sockmap object, as in {@code bpf/sockmap/sockmap_maps.h} and {@code
 * message_maps.h}.
 */
final class MapNames {
  static final String MEMBERS = "members";
  static final String PAIRS = "pairs";
  static final String CONNECTIONS = "connections";
  static final String ENDPOINT_POLICIES = "endpoint_policies";
  static final String COUNTERS = "counters";
  static final String NODE_TOTALS = "node_totals";
  static final String NETNS = "netns";
  static final String SELECTORS = "selectors";
  static final String TRAITS = "traits";
  static final String LOCAL_ADDRESSES = "local_addresses";
  static final String CONFIG = "config";
  static final String EVENTS = "events";
  static final String STUCK = "stuck";
  static final String SHUNNED = "shunned";
  static final String SHORT_LIVED = "short_lived";
  static final String YOUNG_CONNECTIONS = "young_connections";
  static final String LISTENERS = "listeners";
  static final String TAPS = "taps";
  static final String FILTERED_PAIRS = "filtered_pairs";

  static final List<String> ALL =
      List.of(
          MEMBERS,
          PAIRS,
          CONNECTIONS,
          ENDPOINT_POLICIES,
          COUNTERS,
          NODE_TOTALS,
          NETNS,
          SELECTORS,
          TRAITS,
          LOCAL_ADDRESSES,
          CONFIG,
          EVENTS,
          STUCK,
          SHUNNED,
          SHORT_LIVED,
          YOUNG_CONNECTIONS,
          LISTENERS,
          TAPS,
          FILTERED_PAIRS);

  private MapNames() {}
}
