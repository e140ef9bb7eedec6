package dev.shunt.desired;

import java.util.List;

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
}
