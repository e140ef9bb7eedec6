package dev.shunt.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One trait of one workload. Immutable.
 *
 * @param workload that has it
 * @param trait learned, or set by policy
 * @param effect on its connections
 * @param use when it was shown; empty when policy set it
 */
public record WorkloadTrait(
    WorkloadName workload, Trait trait, TraitEffect effect, Optional<Use> use) {
  /**
   * When it was shown.
   *
   * @param learned first
   * @param lastSeen last
   * @param expiresIn it is forgotten then, unless it is shown again
   * @param times that it was shown
   */
  public record Use(Instant learned, Instant lastSeen, Duration expiresIn, long times) {}
}
