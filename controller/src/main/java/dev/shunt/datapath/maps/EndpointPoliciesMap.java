package dev.shunt.datapath.maps;

import dev.shunt.datapath.layout.EndpointPolicyRow;
import dev.shunt.datapath.libbpf.BpfMap;

/** Policy per endpoint ({@code endpoint_policies}); written by the controller only. */
public final class EndpointPoliciesMap {
  /** {@code ENDPOINTS_MAX}: ids are 0..1023. */
  public static final int ENDPOINTS_MAX = 1024;

  /** The self-test's own: no policy is given this id, and its traffic is nobody's. */
  public static final int SELF_TEST = ENDPOINTS_MAX - 1;

  private final BpfMap map;

  /** Wraps the map. */
  public EndpointPoliciesMap(BpfMap map) {
    this.map = map;
  }

  /** Sets the policy of an endpoint; programs see it with their next message. */
  public void put(int endpoint, EndpointPolicyRow policy) {
    map.update(Keys.u32(endpoint), policy.encode());
  }

  /** The policy of an endpoint; an endpoint nobody wrote is off. */
  public EndpointPolicyRow get(int endpoint) {
    return map.lookup(Keys.u32(endpoint)).map(EndpointPolicyRow::decode).orElseThrow();
  }
}
