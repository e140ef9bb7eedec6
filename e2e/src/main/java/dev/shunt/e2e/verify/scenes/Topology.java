package dev.shunt.e2e.verify.scenes;

import static dev.shunt.e2e.verify.scenes.Role.APP;
import static dev.shunt.e2e.verify.scenes.Role.CLIENT;
import static dev.shunt.e2e.verify.scenes.Role.INBOUND;
import static dev.shunt.e2e.verify.scenes.Role.OUTBOUND;

import java.util.ArrayList;
import java.util.List;

/** Where client and application are, and hence whom a request meets. Immutable. */
enum Topology {
  /** Two pods of one node, each with a sidecar. */
  PODS,
  /** As {@link #PODS}, to a Service address that the node translates to the pod's. */
  SERVICE,
  /** The client has hostNetwork and so no sidecar. */
  HOST_CLIENT,
  /** The application has hostNetwork and so no sidecar. */
  HOST_APP,
  /** Two pods; the port is one that the rules leave alone. */
  SKIPPED_PORT;

  /** In the order that a request meets them. */
  List<Role> roles() {
    return switch (this) {
      case PODS, SERVICE -> List.of(CLIENT, OUTBOUND, INBOUND, APP);
      case HOST_CLIENT -> List.of(CLIENT, INBOUND, APP);
      case HOST_APP -> List.of(CLIENT, OUTBOUND, APP);
      case SKIPPED_PORT -> List.of(CLIENT, APP);
    };
  }

  boolean has(Role role) {
    return roles().contains(role);
  }

  /** The connections that a request travels on. */
  List<Hop> hops() {
    List<Role> roles = roles();
    List<Hop> hops = new ArrayList<>();
    for (int i = 1; i < roles.size(); i++) {
      hops.add(new Hop(roles.get(i - 1), roles.get(i)));
    }
    return List.copyOf(hops);
  }

  /**
   * Connections between two processes. Immutable.
   *
   * @param from who connects
   * @param to who accepts
   */
  record Hop(Role from, Role to) {
    /** For people. */
    String title() {
      return from.title() + " -> " + to.title();
    }

    /** Whether both ends are in one pod; then its bytes cross that pod's loopback device. */
    boolean isWithinPod() {
      return from.isInClientPod() == to.isInClientPod();
    }
  }
}
