package dev.shunt.desired;

import java.util.List;
import java.util.Set;

/**
 * What compiling the policies gave.
 *
 * @param state to reconcile to
 * @param ids to keep for the next compilation
 * @param shadowed policies without effect
 */
public record Compilation(DesiredState state, EndpointIds ids, List<ShadowedPolicy> shadowed) {
  /** Copies the list. */
  public Compilation {
    shadowed = List.copyOf(shadowed);
  }

  /**
   * The same with some endpoints observed that would be accelerated.
   *
   * @param endpointNames names that do not exist are ignored
   */
  public Compilation observing(Set<String> endpointNames) {
    return new Compilation(state.observing(endpointNames), ids, shadowed);
  }
}
