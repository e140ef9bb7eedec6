package dev.shunt.desired;

import java.util.Set;

/**
 * What an endpoint allows.
 *
 * @param flags paths, and whether the include list counts
 * @param ports included and excluded
 */
public record EndpointRules(Set<EndpointFlag> flags, PortRules ports) {
  /** Both paths and every port. */
  public static final EndpointRules EVERYTHING =
      new EndpointRules(Set.of(EndpointFlag.SAME_POD, EndpointFlag.SAME_NODE), PortRules.ALL);

  /** Copies the set and checks that an include list counts exactly when there is one. */
  public EndpointRules {
    flags = Set.copyOf(flags);
    if (flags.contains(EndpointFlag.PORTS_INCLUDE) == ports.include().isEmpty()) {
      throw new IllegalArgumentException("flags: " + flags + " with ports " + ports);
    }
  }
}
