package dev.shunt.observe;

import java.util.List;
import java.util.Optional;

/** Answer to "where does this connection stand, and why". Immutable. */
public sealed interface Explanation {
  /**
   * One connection matched.
   *
   * @param connection the end that was asked for
   * @param peer the other end when it is on this host and known
   * @param steps all steps in order
   * @param summary one or two sentences: where it is, why it goes no further, what would change
   *     that
   */
  record Found(
      ConnectionView connection,
      Optional<ConnectionView> peer,
      List<ExplainedStep> steps,
      String summary)
      implements Explanation {
    /** Copies the list. */
    public Found {
      steps = List.copyOf(steps);
    }
  }

  /** No connection matched. */
  record NotFound() implements Explanation {}

  /**
   * Several matched and none better than the others.
   *
   * @param candidates at least two, at most {@link ConnectionQuery#CANDIDATES_MAX}
   */
  record Ambiguous(List<ConnectionView> candidates) implements Explanation {
    /** Copies the list. */
    public Ambiguous {
      candidates = List.copyOf(candidates);
    }
  }

  /**
   * One step of the way.
   *
   * @param step which
   * @param status whether it was taken
   * @param reason why not; {@code NONE} unless the way ends here
   * @param text one sentence
   */
  record ExplainedStep(Step step, StepStatus status, Reason reason, String text) {}

  /** Whether a step was taken. */
  enum StepStatus {
    REACHED,
    NOT_REACHED
  }
}
