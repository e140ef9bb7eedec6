package dev.shunt.desired;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a policy wants of the connections that it selects.
 *
 * @param mode of the endpoint
 * @param paths {@link EndpointFlag#SAME_POD} and {@link EndpointFlag#SAME_NODE} only
 * @param ports it is about
 * @param executables it exempts or forces
 * @param minTurns request/response turns before adoption, 1..1000
 */
public record PolicySpec(
    Mode mode,
    Set<EndpointFlag> paths,
    PortRules ports,
    ExecutableRules executables,
    int minTurns) {
  /** Upper bound of {@link #minTurns}. */
  public static final int MIN_TURNS_MAX = 1000;

  /** Turns without a policy that says otherwise. */
  public static final int MIN_TURNS_DEFAULT = 2;

  /** Copies the set and checks the bounds. */
  public PolicySpec {
    paths = Set.copyOf(paths);
    if (paths.contains(EndpointFlag.PORTS_INCLUDE)) {
      throw new IllegalArgumentException("paths: PORTS_INCLUDE (expected: SAME_POD, SAME_NODE)");
    }
    if (minTurns < 1 || minTurns > MIN_TURNS_MAX) {
      throw new IllegalArgumentException("minTurns: " + minTurns + " (expected: 1..1000)");
    }
  }

  /** The endpoint's flags: the paths, and whether an include list counts. */
  public Set<EndpointFlag> flags() {
    EnumSet<EndpointFlag> flags = EnumSet.noneOf(EndpointFlag.class);
    flags.addAll(paths);
    if (!ports.include().isEmpty()) {
      flags.add(EndpointFlag.PORTS_INCLUDE);
    }
    return flags;
  }
}
