package dev.shunt.reconcile;

import java.util.List;

/**
 * What one pass did.
 *
 * @param applied in order
 * @param failed refused by the data path
 * @param held widening steps that wait because a narrowing one failed
 * @param pending parts that name something that does not exist yet
 * @param unchanged rows that were as desired
 */
public record ReconcileResult(
    List<PlanStep> applied,
    List<FailedStep> failed,
    List<PlanStep> held,
    List<PendingName> pending,
    int unchanged) {
  /** Copies the lists. */
  public ReconcileResult {
    applied = List.copyOf(applied);
    failed = List.copyOf(failed);
    held = List.copyOf(held);
    pending = List.copyOf(pending);
  }

  /** True when the data path is as desired, apart from what does not exist yet. */
  public boolean succeeded() {
    return failed.isEmpty() && held.isEmpty();
  }

  /** True when another pass has something to look at again. */
  public boolean needsRetry() {
    return !succeeded() || !pending.isEmpty();
  }
}
