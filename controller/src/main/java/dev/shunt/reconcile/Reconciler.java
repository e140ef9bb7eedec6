package dev.shunt.reconcile;

import dev.shunt.desired.DesiredState;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings the data path to a desired state, one pass at a time; the caller repeats passes, at once
 * when the desired state changed and every few seconds for what is pending or failed.
 *
 * <p>Thread rule: one thread; a pass blocks for as long as the {@link DatapathPort} does. Holds no
 * state: every pass reads the actual rows anew. Nothing to close.
 */
public final class Reconciler {
  private final DatapathPort port;

  /** Works on the rows of a port. */
  public Reconciler(DatapathPort port) {
    this.port = port;
  }

  /**
   * What a pass would do. Throws what the port throws when the rows cannot be read.
   *
   * @param desired to reach
   */
  public Plan plan(DesiredState desired) {
    return new Planner(desired, port).plan();
  }

  /**
   * Plans and applies. A failed step does not stop the others of its group; widening steps are held
   * back when a narrowing one failed.
   *
   * @param desired to reach
   */
  public ReconcileResult reconcile(DesiredState desired) {
    Plan plan;
    try {
      plan = plan(desired);
    } catch (RuntimeException e) {
      FailedStep read = new FailedStep("read the data path", e);
      return new ReconcileResult(List.of(), List.of(read), List.of(), List.of(), 0);
    }
    return apply(plan);
  }

  /** Applies the steps of a plan in their order. */
  public ReconcileResult apply(Plan plan) {
    List<PlanStep> applied = new ArrayList<>();
    List<FailedStep> failed = new ArrayList<>();
    applyAll(plan.narrowing(), applied, failed);
    boolean hold = !failed.isEmpty();
    if (!hold) {
      applyAll(plan.widening(), applied, failed);
    }
    return new ReconcileResult(
        applied, failed, hold ? plan.widening() : List.of(), plan.pending(), plan.unchanged());
  }

  private void applyAll(List<PlanStep> steps, List<PlanStep> applied, List<FailedStep> failed) {
    for (PlanStep step : steps) {
      try {
        step.applyTo(port);
        applied.add(step);
      } catch (RuntimeException e) {
        failed.add(new FailedStep(step.text(), e));
      }
    }
  }
}
