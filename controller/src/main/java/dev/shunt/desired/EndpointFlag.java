package dev.shunt.desired;

/** What an endpoint allows; {@code enum endpoint_flag} of the data path. Immutable. */
public enum EndpointFlag {
  /** Pairs within one network namespace. */
  SAME_POD,
  /** Pairs across network namespaces of this host. */
  SAME_NODE,
  /** Only the included ports. */
  PORTS_INCLUDE
}
