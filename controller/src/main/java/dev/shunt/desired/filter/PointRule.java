package dev.shunt.desired.filter;

/**
 * A rule as it stands on an attachment point.
 *
 * @param filter it comes from
 * @param rule itself
 * @param mode in force
 * @param lockout of its filter
 */
public record PointRule(FilterName filter, FilterRule rule, FilterMode mode, Lockout lockout) {
  /** {@code namespace/filter/rule}, unique on the node. */
  public String id() {
    return filter + "/" + rule.name();
  }

  /** Whether it may decide about packets of fail-safe ports. */
  public boolean holdsForFailSafe() {
    return lockout == Lockout.ALLOWED || rule.action().kind() == FilterAction.Kind.ALLOW;
  }
}
