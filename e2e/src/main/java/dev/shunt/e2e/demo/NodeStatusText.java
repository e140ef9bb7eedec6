package dev.shunt.e2e.demo;

import java.util.Map;
import java.util.Optional;

/** Reads the document of {@code shunt status -o json}. Pure. */
final class NodeStatusText {
  private NodeStatusText() {}

  /** Why the node accelerates nothing, or empty when it does. */
  static Optional<String> refusal(String json) {
    Map<?, ?> status = NodeDocument.of("status", json);
    if ("accelerate".equals(status.get("mode"))) {
      return Optional.empty();
    }
    String detail = status.get("detail") instanceof String text ? text : "";
    return Optional.of(detail.isEmpty() ? "mode " + status.get("mode") : detail);
  }
}
