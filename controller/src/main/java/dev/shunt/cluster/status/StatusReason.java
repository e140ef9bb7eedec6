package dev.shunt.cluster.status;

/** Why a condition of a policy is as it is; the {@code reason} field of conditions and Events. */
public enum StatusReason {
  /** Accepted: its fields are valid. */
  VALID("Valid"),
  /** Not accepted: a field is not valid; the last good version, if any, stays in force. */
  INVALID("Invalid"),
  /** Programmed: every node that it concerns has it in force, or it concerns none. */
  IN_FORCE("InForce"),
  /** Not programmed yet: nodes have not answered, or are not connected. */
  PENDING("Pending"),
  /** Not programmed, and degraded: a node refused it. */
  REFUSED("RefusedByNode"),
  /** Degraded: it selects no pod. */
  NO_PODS("NoMatchingPods"),
  /** Degraded: it can do nothing for any pod that it selects, as all use the node's network. */
  NO_EFFECT("NoEffect"),
  /** Degraded: other policies outrank it on every pod that it selects. */
  SHADOWED("Shadowed"),
  /** Degraded: another policy is equal to it but for its age, and says something else. */
  CONTRADICTED("Contradicted"),
  /** Not degraded. */
  AS_INTENDED("AsIntended");

  private final String text;

  StatusReason(String text) {
    this.text = text;
  }

  /** As the API spells it. */
  public String text() {
    return text;
  }
}
