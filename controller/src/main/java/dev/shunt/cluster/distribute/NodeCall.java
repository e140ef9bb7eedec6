package dev.shunt.cluster.distribute;

import io.grpc.Context;
import java.time.Instant;

/**
 * Who calls, as the certificate of the connection says. Immutable.
 *
 * @param node name of the Node object
 * @param certificateEnds when the certificate ends
 */
public record NodeCall(String node, Instant certificateEnds) {
  /** Of the call that is being served; set by who checks certificates. */
  public static final Context.Key<NodeCall> CURRENT = Context.key("shunt-node-call");
}
