package dev.shunt.desired;

import java.util.List;

/**
 * Executables that a policy exempts or forces, as absolute paths.
 *
 * @param exempt never accelerated
 * @param force accelerated in spite of learned traits
 */
public record ExecutableRules(List<String> exempt, List<String> force) {
  /** No rules. */
  public static final ExecutableRules NONE = new ExecutableRules(List.of(), List.of());

  /** Copies the lists. */
  public ExecutableRules {
    exempt = List.copyOf(exempt);
    force = List.copyOf(force);
  }
}
