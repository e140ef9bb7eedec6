package dev.shunt.observe;

import java.util.Set;

/** What a trait does to the connections of its workload. */
public enum TraitEffect {
  /** They stay on TCP. */
  KEPT_ON_TCP,
  /** They are accelerated later: once both ends have shown that they go on talking. */
  LONGER_PROBATION,
  /** They are accelerated when they have enough turns, but nothing waits for that. */
  NOT_WAITED_FOR,
  /** Nothing: this kernel honours it. */
  NONE,
  /** Nothing: policy forces the executable. */
  OVERRULED,
  /** What was learned is overruled: policy forces the executable. */
  FORCED;

  /**
   * The effect of one trait.
   *
   * @param trait in question
   * @param known all traits of the workload, policy's among them
   * @param harmless those that this kernel honours
   */
  public static TraitEffect of(Trait trait, Set<Trait> known, Set<Trait> harmless) {
    if (known.contains(Trait.EXEMPT)) {
      return KEPT_ON_TCP;
    }
    if (trait == Trait.FORCE) {
      return FORCED;
    }
    if (known.contains(Trait.FORCE)) {
      return OVERRULED;
    }
    if (harmless.contains(trait)) {
      return NONE;
    }
    return switch (trait) {
      case SMALL_WRITES -> LONGER_PROBATION;
      case ONE_REQUEST -> NOT_WAITED_FOR;
      default -> KEPT_ON_TCP;
    };
  }
}
