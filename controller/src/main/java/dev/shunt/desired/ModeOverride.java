package dev.shunt.desired;

import java.util.Locale;
import java.util.Optional;

/** The mode that {@code shunt mode} sets; it outranks every policy. Immutable. */
public enum ModeOverride {
  /** No override: as the policies say. */
  POLICY,
  /** Plain TCP for everything. */
  OFF,
  /** Pair and count everything, move nothing. */
  OBSERVE,
  /** Accelerate everything that is suitable, also what policies observe or turn off. */
  ACCELERATE;

  /** The mode that replaces the policies'; empty for {@link #POLICY}. */
  public Optional<Mode> mode() {
    return this == POLICY ? Optional.empty() : Optional.of(Mode.valueOf(name()));
  }

  /** The override's effect on a mode that policy decided. */
  public Mode over(Mode policyMode) {
    return mode().orElse(policyMode);
  }

  /** As the command line spells it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The reverse of {@link #text()}; empty when it is no mode. */
  public static Optional<ModeOverride> parse(String text) {
    for (ModeOverride override : values()) {
      if (override.text().equals(text)) {
        return Optional.of(override);
      }
    }
    return Optional.empty();
  }
}
