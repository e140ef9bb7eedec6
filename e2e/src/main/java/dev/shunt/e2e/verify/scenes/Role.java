package dev.shunt.e2e.verify.scenes;

import java.util.Locale;

/** The processes of a scene in the order that a request meets them. */
enum Role {
  CLIENT("client"),
  /** The client pod's sidecar. */
  OUTBOUND("sidecar out"),
  /** The application pod's sidecar. */
  INBOUND("sidecar in"),
  APP("app");

  private final String title;

  Role(String title) {
    this.title = title;
  }

  /** For people. */
  String title() {
    return title;
  }

  /** Name of its cgroup. */
  String folder() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean isInClientPod() {
    return this == CLIENT || this == OUTBOUND;
  }
}
