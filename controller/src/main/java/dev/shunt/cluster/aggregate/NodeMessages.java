package dev.shunt.cluster.aggregate;

import com.google.protobuf.Timestamp;
import dev.shunt.cluster.distribute.NodeState;
import dev.shunt.cluster.distribute.NodeState.Refusal;
import dev.shunt.v1.ClusterNode;
import dev.shunt.v1.NackReason;
import java.time.Instant;
import java.util.Optional;

/** Nodes as messages, and back. Stateless. */
public final class NodeMessages {
  private NodeMessages() {}

  /** A connected node. */
  public static ClusterNode.Builder node(NodeState state) {
    ClusterNode.Builder node =
        ClusterNode.newBuilder()
            .setName(state.node())
            .setConnected(true)
            .setConnectedSince(time(state.since()))
            .setDesiredVersion(state.desired())
            .setHeldVersion(state.held())
            .setProgrammed(state.isProgrammed())
            .setCapabilities(state.capabilities());
    state.refusal().ifPresent(why -> node.setNackReason(why.reason()).setNackDetail(why.detail()));
    return node;
  }

  /** What {@link #node} was made of. */
  public static NodeState state(ClusterNode node) {
    Timestamp since = node.getConnectedSince();
    boolean refused = node.getNackReason() != NackReason.NACK_REASON_UNSPECIFIED;
    return new NodeState(
        node.getName(),
        Instant.ofEpochSecond(since.getSeconds(), since.getNanos()),
        node.getCapabilities(),
        node.getDesiredVersion(),
        node.getHeldVersion(),
        refused
            ? Optional.of(
                new Refusal(node.getDesiredVersion(), node.getNackReason(), node.getNackDetail()))
            : Optional.empty());
  }

  private static Timestamp time(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
