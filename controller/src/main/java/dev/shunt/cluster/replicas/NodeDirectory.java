package dev.shunt.cluster.replicas;

import dev.shunt.cluster.aggregate.ClusterService;
import dev.shunt.cluster.aggregate.ClusterStats;
import dev.shunt.cluster.aggregate.NodeMessages;
import dev.shunt.cluster.distribute.Distributor;
import dev.shunt.cluster.distribute.NodeListener;
import dev.shunt.cluster.distribute.NodeState;
import dev.shunt.v1.NodeReport;
import dev.shunt.v1.ReplicaNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** All nodes that this replica or a peer has a stream of. Thread-safe; does not block. */
public final class NodeDirectory implements NodeListener, ClusterService.NodeStates {
  private final Distributor distributor;
  private final ClusterStats stats;
  private final Map<String, Told> told = new ConcurrentHashMap<>();
  private final List<PeerStream> peers = new CopyOnWriteArrayList<>();

  /** What a peer said of a node. */
  private record Told(PeerStream by, NodeState state) {}

  public NodeDirectory(Distributor distributor, ClusterStats stats) {
    this.distributor = distributor;
    this.stats = stats;
    distributor.addListener(this);
  }

  @Override
  public Optional<NodeState> state(String node) {
    Optional<NodeState> here = distributor.state(node);
    return here.isPresent() ? here : Optional.ofNullable(told.get(node)).map(Told::state);
  }

  @Override
  public Map<String, NodeState> states() {
    Map<String, NodeState> states = new HashMap<>();
    told.forEach((node, known) -> states.put(node, known.state()));
    distributor.states().forEach(state -> states.put(state.node(), state));
    return states;
  }

  @Override
  public void acknowledged(String node, String version) {
    changed(node);
  }

  @Override
  public void changed(String node) {
    peers.forEach(peer -> peer.touch(node));
  }

  @Override
  public void reported(String node, NodeReport report) {
    changed(node);
  }

  /** A peer's stream begins: it is told everything. */
  void join(PeerStream peer) {
    peers.add(peer);
    List<String> known = new ArrayList<>(states().keySet());
    known.forEach(peer::touch);
  }

  /** A peer's stream is over: what it said counts no more. */
  void leave(PeerStream peer) {
    peers.remove(peer);
    List<String> lost = new ArrayList<>();
    told.forEach(
        (node, known) -> {
          if (known.by().equals(peer)) {
            lost.add(node);
          }
        });
    told.values().removeIf(known -> known.by().equals(peer));
    lost.forEach(this::changed);
  }

  /** A peer says something of a node. */
  void take(PeerStream from, ReplicaNode message) {
    String node = message.getName();
    if (message.hasState()) {
      told.put(node, new Told(from, NodeMessages.state(message.getState())));
    } else {
      told.computeIfPresent(node, (name, known) -> known.by().equals(from) ? null : known);
    }
    if (message.hasReport()) {
      stats.reported(node, message.getReport());
    }
    for (PeerStream peer : peers) {
      if (!peer.equals(from)) {
        peer.touch(node);
      }
    }
  }

  /** What to tell a peer of a node: nothing that it said itself. */
  Optional<ReplicaNode> message(PeerStream to, String node) {
    Optional<NodeState> here = distributor.state(node);
    Told known = told.get(node);
    if (here.isEmpty() && known != null && known.by().equals(to)) {
      return Optional.empty();
    }
    ReplicaNode.Builder message = ReplicaNode.newBuilder().setName(node);
    here.or(() -> Optional.ofNullable(known).map(Told::state))
        .ifPresent(state -> message.setState(NodeMessages.node(state)));
    stats.report(node).ifPresent(message::setReport);
    return Optional.of(message.build());
  }
}
