package dev.shunt.cluster.distribute;

import dev.shunt.cluster.distribute.NodeState.Refusal;
import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.desired.snapshot.NodeSnapshot;
import dev.shunt.v1.NodeReport;
import dev.shunt.v1.SnapshotAck;
import dev.shunt.v1.SnapshotNack;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of all connected nodes. Thread-safe; nothing blocks. Lifecycle: lives as long as the
 * process; {@link #drain} ends its streams.
 */
public final class Distributor {
  private static final Logger LOG = LoggerFactory.getLogger(Distributor.class);

  private static final Duration WARN_INTERVAL = Duration.ofSeconds(5);

  private final Map<String, NodeChannel> channels = new ConcurrentHashMap<>();
  private final List<NodeListener> listeners = new CopyOnWriteArrayList<>();
  private final PlaneMeter meter;
  private final AtomicLong warned = new AtomicLong();
  private volatile Consumer<String> joined = node -> {};
  private volatile boolean draining;

  public Distributor(PlaneMeter meter) {
    this.meter = meter;
    meter.connectedNodes(channels::size);
  }

  /** Who is told of a node that connects; one only. */
  void onJoin(Consumer<String> listener) {
    joined = listener;
  }

  /** Adds who is told what nodes answer and report; called on threads of calls, must not block. */
  public void addListener(NodeListener listener) {
    listeners.add(listener);
  }

  /** Whether a node has a stream here. */
  public boolean isConnected(String node) {
    return channels.containsKey(node);
  }

  /** Brings a node to a snapshot; nothing happens when it is not connected. */
  public void offer(String node, NodeSnapshot snapshot) {
    NodeChannel channel = channels.get(node);
    if (channel != null) {
      channel.offer(snapshot);
    }
  }

  /** How far a node is; empty when it is not connected. */
  public Optional<NodeState> state(String node) {
    return Optional.ofNullable(channels.get(node)).map(NodeChannel::state);
  }

  /** How far all connected nodes are. */
  public List<NodeState> states() {
    return channels.values().stream().map(NodeChannel::state).toList();
  }

  /** What a node should hold; empty when it is not connected or nothing was compiled yet. */
  public Optional<NodeSnapshot> desired(String node) {
    return Optional.ofNullable(channels.get(node)).flatMap(NodeChannel::desired);
  }

  /** Ends the streams whose certificate has ended; the node comes again with a newer one. */
  public void endExpired(Instant now) {
    for (NodeChannel channel : channels.values()) {
      if (channel.isExpired(now)) {
        channel.fail(Status.UNAUTHENTICATED.withDescription("the certificate has expired"));
        leave(channel);
        meter.refused(PlaneMeter.Refused.EXPIRED);
      }
    }
  }

  /** Ends all streams with the hint to connect elsewhere, and takes no new ones. */
  public void drain() {
    draining = true;
    for (NodeChannel channel : List.copyOf(channels.values())) {
      channel.drain("this control plane stops");
      leave(channel);
    }
  }

  void join(NodeChannel channel) {
    if (draining) {
      channel.drain("this control plane stops");
      return;
    }
    NodeChannel before = channels.put(channel.node(), channel);
    if (before != null) {
      before.fail(Status.ABORTED.withDescription("a newer stream of this node took its place"));
    }
    LOG.debug("node {} connected, holds {}", channel.node(), channel.state().held());
    joined.accept(channel.node());
    listeners.forEach(listener -> listener.changed(channel.node()));
  }

  void leave(NodeChannel channel) {
    if (channels.remove(channel.node(), channel)) {
      LOG.debug("node {} disconnected", channel.node());
      listeners.forEach(listener -> listener.changed(channel.node()));
    }
  }

  void acknowledged(NodeChannel channel, SnapshotAck ack) {
    long nanos = channel.acknowledge(ack);
    meter.acknowledged(nanos);
    listeners.forEach(listener -> listener.acknowledged(channel.node(), ack.getVersion()));
  }

  void refused(NodeChannel channel, SnapshotNack nack) {
    meter.refusedVersion(nack.getReason());
    Optional<Refusal> refusal = channel.refuse(nack);
    if (refusal.isPresent()) {
      log(channel, refusal.get());
      listeners.forEach(listener -> listener.changed(channel.node()));
    }
  }

  /** A bad policy is refused by every node: one line in a while says enough, metrics say all. */
  private void log(NodeChannel channel, Refusal refusal) {
    long now = System.nanoTime();
    long last = warned.get();
    boolean due = last == 0 || now - last > WARN_INTERVAL.toNanos();
    if (due && warned.compareAndSet(last, now)) {
      LOG.warn(
          "node {} refused version {}: {} ({}); it keeps {}",
          channel.node(),
          refusal.version(),
          refusal.detail(),
          refusal.reason(),
          channel.state().held());
    }
  }

  void reported(NodeChannel channel, NodeReport report) {
    listeners.forEach(listener -> listener.reported(channel.node(), report));
  }
}
