package dev.shunt.cluster.identity;

import java.time.Duration;

/**
 * Who nodes are, and for how long. Immutable.
 *
 * @param namespace of the control plane and the nodes
 * @param nodeServiceAccount whose tokens get certificates
 * @param audience that tokens must be for
 * @param certificateLife of a node's certificate
 */
public record IdentityConfig(
    String namespace, String nodeServiceAccount, String audience, Duration certificateLife) {
  /** A day: a node renews it after 16 hours, and may be cut off for 8 hours before that matters. */
  public static final Duration LIFE_DEFAULT = Duration.ofDays(1);

  /** The nodes' user name in the API server's words. */
  String nodeUser() {
    return "system:serviceaccount:" + namespace + ":" + nodeServiceAccount;
  }
}
