package dev.shunt.desired;

import java.util.Set;

/**
 * A group of connections with one policy.
 *
 * @param id row of the data path, 0..1022
 * @param name for people, unique on the node
 * @param policy that decided, or {@code default}
 * @param mode in force, the override included
 * @param rules flags and ports
 */
public record DesiredEndpoint(int id, String name, String policy, Mode mode, EndpointRules rules) {
  /** Id of the endpoint that nothing selects. */
  public static final int DEFAULT_ID = 0;

  /** Name and policy of the endpoint that nothing selects. */
  public static final String DEFAULT_NAME = "default";

  /** Highest id; the row after it, the last of the data path, is the self-test's. */
  public static final int ID_MAX = 1022;

  /** Checks the id. */
  public DesiredEndpoint {
    if (id < 0 || id > ID_MAX) {
      throw new IllegalArgumentException("endpoint id: " + id + " (expected: 0..1022)");
    }
  }

  /** The same with a mode that is no higher than {@code ceiling}. */
  DesiredEndpoint atMost(Mode ceiling) {
    return new DesiredEndpoint(id, name, policy, mode.min(ceiling), rules);
  }

  /** Shorthand for the flags of the rules. */
  public Set<EndpointFlag> flags() {
    return rules.flags();
  }

  /** Shorthand for the ports of the rules. */
  public PortRules ports() {
    return rules.ports();
  }
}
