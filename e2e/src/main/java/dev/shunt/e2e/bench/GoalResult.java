package dev.shunt.e2e.bench;

import java.util.Locale;
import java.util.Optional;

/**
 * One goal against what was measured. Immutable.
 *
 * @param name which cell and measure
 * @param state what the measurement says of it
 * @param value the rounds' ratios; empty when the cell gave none
 * @param bound that it is held to
 */
record GoalResult(String name, State state, Optional<Estimate> value, double bound) {
  /** What a measurement can say of a goal. */
  enum State {
    /** The goal is kept. */
    MET,
    /** It is not, or it was not measured at all. */
    MISSED,
    /** The machine is too noisy to tell: no loss is proved, but none that matters is excluded. */
    UNDECIDED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether the bound lies within the confidence interval of {@code estimate}. */
  boolean straddles(Estimate estimate) {
    return estimate.low() <= bound && bound <= estimate.high();
  }

  boolean met() {
    return state == State.MET;
  }

  boolean missed() {
    return state == State.MISSED;
  }
}
