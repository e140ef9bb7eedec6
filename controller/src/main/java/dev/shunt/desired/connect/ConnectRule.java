package dev.shunt.desired.connect;

import dev.shunt.desired.filter.FilterMode;
import java.util.List;
import java.util.Optional;

/**
 * One rule of a connect policy.
 *
 * @param name unique within the policy
 * @param action what it does
 * @param mode instead of the policy's
 * @param executables absolute paths of the callers' executables; empty: any
 * @param target where the attempt goes
 */
public record ConnectRule(
    String name,
    ConnectAction action,
    Optional<FilterMode> mode,
    List<String> executables,
    ConnectTarget target) {
  /** Copies the list. */
  public ConnectRule {
    executables = List.copyOf(executables);
  }
}
