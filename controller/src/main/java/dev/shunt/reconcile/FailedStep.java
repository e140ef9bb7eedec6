package dev.shunt.reconcile;

/**
 * A step that the data path refused.
 *
 * @param step what was tried
 * @param cause with the error text of the data path
 */
public record FailedStep(String step, RuntimeException cause) {
  /** For messages: step, cause and what happens next. */
  public String text() {
    return step + ": " + cause.getMessage() + "; retry on the next pass";
  }
}
