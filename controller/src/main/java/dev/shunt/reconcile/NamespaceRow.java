package dev.shunt.reconcile;

import dev.shunt.desired.Interception;

/**
 * What policy decides of a network namespace's row; {@code struct netns_state}. The flag {@code
 * NETNS_HOOKED} is not policy: the implementation of {@link DatapathPort} keeps it as attachment
 * says.
 *
 * @param endpointId of sockets that no selector matches
 * @param interception {@code NETNS_INTERCEPTED} and {@code NETNS_TRANSLATED}
 */
public record NamespaceRow(int endpointId, Interception interception) {
  /** For messages. */
  public String text() {
    return "endpoint "
        + endpointId
        + switch (interception) {
          case NONE -> "";
          case OUTBOUND -> ", outbound intercepted";
          case TRANSLATED -> ", outbound translated";
        };
  }
}
