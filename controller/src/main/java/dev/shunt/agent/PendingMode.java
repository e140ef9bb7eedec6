package dev.shunt.agent;

import dev.shunt.reconcile.FailedStep;
import dev.shunt.reconcile.ReconcileResult;

/** What is said of a mode that was kept but that the data path does not have yet. Stateless. */
final class PendingMode {
  private PendingMode() {}

  /**
   * One line: the mode, what is open, and what happens next.
   *
   * @param mode as typed
   * @param result of the pass that did not succeed
   */
  static String text(String mode, ReconcileResult result) {
    int open = result.failed().size() + result.held().size();
    String first = result.failed().stream().findFirst().map(FailedStep::text).orElse("");
    return "set mode %s is pending: %d of its steps not applied, first: %s; the mode is kept"
        .formatted(mode, open, first);
  }
}
