package dev.shunt.e2e.cluster.kubelet;

/** Whether a container that ended comes again. */
enum RestartPolicy {
  ALWAYS,
  ON_FAILURE,
  NEVER,
  /** The Pod is being deleted: not even a sidecar does. */
  STOPPING;

  /** As a Pod's spec names it. */
  static RestartPolicy of(String name) {
    return switch (name) {
      case "Never" -> NEVER;
      case "OnFailure" -> ON_FAILURE;
      default -> ALWAYS;
    };
  }

  boolean comesAgain(ContainerLife.Role role, ContainerExit exit) {
    if (this == STOPPING) {
      return false;
    }
    return switch (role) {
      case SIDECAR -> true;
      case INIT -> exit.failed() && this != NEVER;
      case MAIN -> this == ALWAYS || (this == ON_FAILURE && exit.failed());
    };
  }
}
