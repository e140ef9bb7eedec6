package dev.shunt.ingest.distribution;

import dev.shunt.desired.snapshot.NodeSnapshot;
import dev.shunt.ingest.distribution.SnapshotMerge.MisfitException;
import dev.shunt.v1.NackReason;
import dev.shunt.v1.NodeMessage;
import dev.shunt.v1.PlaneMessage;
import dev.shunt.v1.SnapshotAck;
import dev.shunt.v1.SnapshotNack;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The snapshot in force, and how the next one takes its place or does not. One thread. */
final class HeldSnapshot {
  private static final Logger LOG = LoggerFactory.getLogger(HeldSnapshot.class);

  private final SnapshotStore store;
  private final SnapshotListener listener;
  private Optional<NodeSnapshot> held = Optional.empty();

  HeldSnapshot(SnapshotStore store, SnapshotListener listener) {
    this.store = store;
    this.listener = listener;
  }

  /**
   * What to tell the server.
   *
   * @param message ACK or NACK
   * @param error why not, one sentence; empty for an ACK
   */
  record Answer(NodeMessage message, String error) {}

  /** Empty when there is none. */
  String version() {
    return held.map(NodeSnapshot::version).orElse("");
  }

  /** For messages. */
  String text() {
    return held.map(snapshot -> "version " + snapshot.version()).orElse("what is in force");
  }

  /** Puts what the disk has into force. */
  void restore() {
    Optional<NodeSnapshot> kept = store.read();
    if (kept.isEmpty()) {
      return;
    }
    try {
      listener.snapshot(kept.get());
      held = kept;
      LOG.info("policies of version {} restored from the disk", version());
    } catch (RefusedSnapshotException e) {
      LOG.warn(
          "restore version {} failed: {}; observing until the control plane sends another",
          kept.get().version(),
          e.getMessage());
    }
  }

  /** Takes a snapshot or a delta, or keeps what is in force. */
  Answer apply(PlaneMessage message) {
    boolean whole = message.hasSnapshot();
    String version = whole ? message.getSnapshot().getVersion() : message.getDelta().getVersion();
    String nonce = whole ? message.getSnapshot().getNonce() : message.getDelta().getNonce();
    SnapshotNack.Builder nack = SnapshotNack.newBuilder().setVersion(version).setNonce(nonce);
    try {
      NodeSnapshot next =
          whole
              ? SnapshotMerge.whole(message.getSnapshot())
              : SnapshotMerge.apply(held.orElse(NodeSnapshot.EMPTY), message.getDelta());
      listener.snapshot(next);
      held = Optional.of(next);
      keep(next);
      return new Answer(
          NodeMessage.newBuilder()
              .setAck(SnapshotAck.newBuilder().setVersion(version).setNonce(nonce))
              .build(),
          "");
    } catch (MisfitException e) {
      return refuse(nack.setReason(e.reason()), String.valueOf(e.getMessage()));
    } catch (RefusedSnapshotException e) {
      return refuse(nack.setReason(reason(e)), String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("apply version {} failed", version, e);
      return refuse(nack.setReason(NackReason.NACK_REASON_INVALID_POLICY), "internal error: " + e);
    }
  }

  /** What is in force stays in force when the disk is full; only a restart would lose it. */
  private void keep(NodeSnapshot snapshot) {
    try {
      store.write(snapshot);
    } catch (IOException e) {
      LOG.warn(
          "keep version {} failed: {}; it is in force, and lost if the node restarts while the"
              + " control plane is away",
          snapshot.version(),
          e.getMessage());
    }
  }

  private static NackReason reason(RefusedSnapshotException refused) {
    return switch (refused.kind()) {
      case INVALID_POLICY -> NackReason.NACK_REASON_INVALID_POLICY;
      case TOO_LARGE -> NackReason.NACK_REASON_TOO_LARGE;
      case NOT_APPLIED -> NackReason.NACK_REASON_NOT_APPLIED;
    };
  }

  private Answer refuse(SnapshotNack.Builder nack, String detail) {
    String text = "refuse version %s: %s; keeping %s".formatted(nack.getVersion(), detail, text());
    LOG.warn("{}", text);
    return new Answer(NodeMessage.newBuilder().setNack(nack.setDetail(detail)).build(), text);
  }
}
