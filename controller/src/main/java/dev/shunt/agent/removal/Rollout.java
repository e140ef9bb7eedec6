package dev.shunt.agent.removal;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;

/**
 * How far the pods of a DaemonSet have followed its last change. Immutable.
 *
 * @param wanted nodes that should run a pod
 * @param done of these, nodes whose pod is of the last change and ready; an estimate while some are
 *     not updated, exact when all are
 * @param observed the cluster's controller has seen the change
 */
record Rollout(long wanted, long done, boolean observed) {
  /** From an apps/v1 DaemonSet. */
  static Rollout of(Struct daemonSet) {
    Struct status = child(daemonSet, "status");
    long updated = number(status, "updatedNumberScheduled");
    return new Rollout(
        number(status, "desiredNumberScheduled"),
        Math.min(updated, number(status, "numberReady")),
        number(status, "observedGeneration") >= number(child(daemonSet, "metadata"), "generation"));
  }

  boolean complete() {
    return observed && done >= wanted;
  }

  static Struct child(Struct parent, String name) {
    return parent.getFieldsOrDefault(name, Value.getDefaultInstance()).getStructValue();
  }

  static String text(Struct parent, String name) {
    return parent.getFieldsOrDefault(name, Value.getDefaultInstance()).getStringValue();
  }

  /** An absent number is 0, as the API server leaves zeros out. */
  private static long number(Struct parent, String name) {
    return (long) parent.getFieldsOrDefault(name, Value.getDefaultInstance()).getNumberValue();
  }
}
