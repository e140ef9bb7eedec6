package dev.shunt.datapath.programs;

import dev.shunt.datapath.libbpf.BpfMap;
import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.maps.ConfigMap;
import dev.shunt.datapath.maps.CountersMap;
import dev.shunt.datapath.maps.EndpointPoliciesMap;
import dev.shunt.datapath.maps.FilteredPairsMap;
import dev.shunt.datapath.maps.LocalAddressesMap;
import dev.shunt.datapath.maps.NetnsMap;
import dev.shunt.datapath.maps.NodeTotalsMap;
import dev.shunt.datapath.maps.PairsMap;
import dev.shunt.datapath.maps.SelectorsMap;
import dev.shunt.datapath.maps.StuckMap;
import dev.shunt.datapath.maps.TraitsMap;

/**
 * The maps of the sockmap programs, typed. Thread-safe as each map is.
 *
 * @param config settings of the node
 * @param policies per endpoint
 * @param counters per endpoint
 * @param totals of the node
 * @param netns known network namespaces
 * @param selectors narrower than a namespace
 * @param traits of workloads
 * @param addresses of this host
 * @param pairs connections
 * @param filteredPairs connections that packet filters keep on TCP
 * @param stuck readers that splice past redirected data
 * @param events ring, for the event reader
 */
public record SockmapMaps(
    ConfigMap config,
    EndpointPoliciesMap policies,
    CountersMap counters,
    NodeTotalsMap totals,
    NetnsMap netns,
    SelectorsMap selectors,
    TraitsMap traits,
    LocalAddressesMap addresses,
    PairsMap pairs,
    FilteredPairsMap filteredPairs,
    StuckMap stuck,
    BpfMap events) {
  static SockmapMaps of(BpfObject object) {
    return new SockmapMaps(
        new ConfigMap(object.map(MapNames.CONFIG)),
        new EndpointPoliciesMap(object.map(MapNames.ENDPOINT_POLICIES)),
        new CountersMap(object.map(MapNames.COUNTERS)),
        new NodeTotalsMap(object.map(MapNames.NODE_TOTALS)),
        new NetnsMap(object.map(MapNames.NETNS)),
        new SelectorsMap(object.map(MapNames.SELECTORS)),
        new TraitsMap(object.map(MapNames.TRAITS)),
        new LocalAddressesMap(object.map(MapNames.LOCAL_ADDRESSES)),
        new PairsMap(object.map(MapNames.PAIRS)),
        new FilteredPairsMap(object.map(MapNames.FILTERED_PAIRS)),
        new StuckMap(object.map(MapNames.STUCK)),
        object.map(MapNames.EVENTS));
  }

  /**
   * Removes and counts nonces that nobody answered.
   *
   * @param createdBeforeNanos CLOCK_MONOTONIC
   * @return how many
   */
  public int expirePairs(long createdBeforeNanos) {
    int expired = pairs.expire(createdBeforeNanos);
    if (expired > 0) {
      totals.addExpired(expired);
    }
    return expired;
  }
}
