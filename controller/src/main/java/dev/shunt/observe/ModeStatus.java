package dev.shunt.observe;

/**
 * The host's mode.
 *
 * @param mode in force: the lower of the override (or {@code ACCELERATE} without one) and what the
 *     self-test allows; never {@code POLICY}
 * @param override set by {@link NodeView#setMode}; {@code POLICY} when nobody did
 */
public record ModeStatus(Mode mode, Mode override) {
  /** Checks that the mode in force is a decided one. */
  public ModeStatus {
    if (mode == Mode.POLICY) {
      throw new IllegalArgumentException("mode: policy (expected: off, observe or accelerate)");
    }
  }
}
