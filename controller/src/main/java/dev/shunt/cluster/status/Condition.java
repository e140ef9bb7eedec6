package dev.shunt.cluster.status;

/**
 * One condition of a policy. Immutable.
 *
 * @param type Accepted, Programmed or Degraded
 * @param holds whether its status is True
 * @param reason why
 * @param message one sentence
 */
record Condition(String type, boolean holds, StatusReason reason, String message) {
  static final String ACCEPTED = "Accepted";
  static final String PROGRAMMED = "Programmed";
  static final String DEGRADED = "Degraded";

  /** Whether somebody should look at it. */
  boolean isBad() {
    return type.equals(DEGRADED) ? holds : !holds && reason != StatusReason.PENDING;
  }
}
