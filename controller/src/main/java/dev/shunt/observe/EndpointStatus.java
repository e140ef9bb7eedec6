package dev.shunt.observe;

import java.util.Optional;

/**
 * A workload group that policy knows by name.
 *
 * @param id index into endpoint_policies
 * @param name for people, unique on the node
 * @param mode as policy says, at most {@code OBSERVE} while it stands down; never {@code POLICY}
 * @param policy that decided, or {@code default}
 * @param workload of the pod that it is, such as {@code Deployment/web}; empty without one
 * @param standDown why it is observed although policy accelerates it; empty: it is not
 */
public record EndpointStatus(
    int id, String name, Mode mode, String policy, String workload, Optional<StandDown> standDown) {
  /** An endpoint of no pod that is as policy says. */
  public EndpointStatus(int id, String name, Mode mode, String policy) {
    this(id, name, mode, policy, "", Optional.empty());
  }
}
