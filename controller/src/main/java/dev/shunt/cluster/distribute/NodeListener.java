package dev.shunt.cluster.distribute;

import dev.shunt.v1.NodeReport;

/** Hears what nodes say. Called on threads of calls; must not block. */
public interface NodeListener {
  /** A node put a version into force. */
  default void acknowledged(String node, String version) {}

  /** A node connected, disconnected or refused a version. */
  default void changed(String node) {}

  /** A node sent its totals. */
  default void reported(String node, NodeReport report) {}
}
