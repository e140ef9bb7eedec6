package dev.shunt.desired;

/**
 * Leads connections of a workload to an endpoint.
 *
 * @param selector with a cgroup, an executable or both
 * @param endpointId of what it selects
 */
public record DesiredSelector(HostSelector selector, int endpointId) {
  /** Checks that it looks at the workload. */
  public DesiredSelector {
    if (!selector.selectsWorkload()) {
      throw new IllegalArgumentException("selector: " + selector + " (expected: a workload)");
    }
  }
}
