package dev.shunt.desired;

import java.util.Comparator;

/**
 * One policy, checked field by field.
 *
 * @param name unique on the node
 * @param target what it selects
 * @param spec what it wants
 * @param priority the higher outranks among equally specific policies
 * @param origin where it comes from
 */
public record Policy(
    PolicyName name, PolicyTarget target, PolicySpec spec, int priority, PolicyOrigin origin)
    implements DecidingPolicy {
  /** The policy that outranks comes first. Consistent with equals as long as names are unique. */
  public static final Comparator<Policy> BY_PRECEDENCE =
      Comparator.comparing((Policy p) -> p.selector().specificity(), Comparator.reverseOrder())
          .thenComparing(p -> p.selector().cgroupDepth(), Comparator.reverseOrder())
          .thenComparing(p -> p.name().kind())
          .thenComparing(Policy::priority, Comparator.reverseOrder())
          .thenComparing(Policy::origin)
          .thenComparing(p -> p.name().endpointName());

  @Override
  public Object says() {
    return spec;
  }

  /** Shorthand for the target's selector. */
  public HostSelector selector() {
    return target.selector();
  }
}
