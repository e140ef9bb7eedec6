package dev.shunt.cluster.distribute;

import dev.shunt.cluster.distribute.NodeState.Refusal;
import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.cluster.observe.PlaneMeter.Sending;
import dev.shunt.desired.snapshot.NodeSnapshot;
import dev.shunt.v1.NackReason;
import dev.shunt.v1.NodeHello;
import dev.shunt.v1.PlaneMessage;
import dev.shunt.v1.SnapshotAck;
import dev.shunt.v1.SnapshotNack;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one node: at most one version under way, and of those that wait the latest only.
 * Thread-safe; nothing blocks. Lifecycle: from the node's hello until its stream ends.
 */
final class NodeChannel {
  private static final int DETAIL_MAX = 1000;

  private final String node;
  private final ServerCallStreamObserver<PlaneMessage> out;
  private final PlaneMeter meter;
  private final NodeHello hello;
  private final Instant since;
  private final Instant certificateEnds;

  // Guarded by this.
  private @Nullable NodeSnapshot latest;
  private @Nullable NodeSnapshot acknowledged;
  private @Nullable Sent underWay;
  private String held;
  private @Nullable Refusal refusal;
  private boolean greeted;
  private long nonces;
  private boolean closed;

  /** A version that was sent and not answered yet. */
  private record Sent(NodeSnapshot snapshot, String nonce, boolean isDelta, long nanos) {}

  NodeChannel(
      NodeCall call,
      NodeHello hello,
      ServerCallStreamObserver<PlaneMessage> out,
      PlaneMeter meter) {
    this.node = call.node();
    this.certificateEnds = call.certificateEnds();
    this.hello = hello;
    this.out = out;
    this.meter = meter;
    this.since = Instant.now();
    this.held = hello.getHeldVersion();
  }

  String node() {
    return node;
  }

  /** Whether the certificate that the stream was opened with has ended. */
  boolean isExpired(Instant now) {
    return !now.isBefore(certificateEnds);
  }

  /** Gives it the version to bring the node to; replaces one that waits. */
  synchronized void offer(NodeSnapshot snapshot) {
    latest = snapshot;
    send();
  }

  /** Sends what waits, if the node answered and the stream takes more. */
  synchronized void send() {
    NodeSnapshot next = latest;
    if (next == null || underWay != null || closed || !out.isReady()) {
      return;
    }
    boolean refused = refusal != null && refusal.version().equals(next.version());
    if (next.version().equals(held)) {
      acknowledged = next;
      refusal = null;
      if (!greeted) {
        out.onNext(SnapshotMessages.upToDate(held));
        greeted = true;
        meter.sent(Sending.UP_TO_DATE);
      }
    } else if (!refused) {
      transmit(next);
    }
  }

  /** Nothing is under way when this throws: no answer would come, and nothing be sent any more. */
  private void transmit(NodeSnapshot next) {
    NodeSnapshot base = acknowledged;
    String nonce = Long.toString(++nonces);
    Sent sent = new Sent(next, nonce, base != null, System.nanoTime());
    out.onNext(
        base == null
            ? SnapshotMessages.whole(next, nonce)
            : SnapshotMessages.delta(base, next, nonce));
    underWay = sent;
    greeted = true;
    meter.sent(base == null ? Sending.WHOLE : Sending.DELTA);
  }

  /** Takes an answer; returns how long the node took, in nanoseconds. */
  synchronized long acknowledge(SnapshotAck ack) {
    Sent sent = answered(ack.getVersion(), ack.getNonce());
    acknowledged = sent.snapshot();
    held = sent.snapshot().version();
    refusal = null;
    send();
    return System.nanoTime() - sent.nanos();
  }

  /** Takes a refusal; a delta that did not fit is followed by the whole. */
  synchronized Optional<Refusal> refuse(SnapshotNack nack) {
    Sent sent = answered(nack.getVersion(), nack.getNonce());
    boolean misfit =
        nack.getReason() == NackReason.NACK_REASON_BASE_UNKNOWN
            || nack.getReason() == NackReason.NACK_REASON_DIGEST_MISMATCH;
    if (misfit && sent.isDelta()) {
      acknowledged = null;
      send();
      return Optional.empty();
    }
    String detail = nack.getDetail();
    if (detail.length() > DETAIL_MAX) {
      detail = detail.substring(0, DETAIL_MAX) + "...";
    }
    refusal =
        new Refusal(
            sent.snapshot().version(), nack.getReason(), detail.replaceAll("\\p{Cntrl}", " "));
    send();
    return Optional.of(refusal);
  }

  private Sent answered(String version, String nonce) {
    Sent sent = underWay;
    if (sent == null || !sent.nonce().equals(nonce) || !sent.snapshot().version().equals(version)) {
      throw Status.INVALID_ARGUMENT
          .withDescription("answer to a version that was not sent (expected: the last one's nonce)")
          .asRuntimeException();
    }
    underWay = null;
    return sent;
  }

  /** Says goodbye: the node connects again, to whoever is there. */
  synchronized void drain(String detail) {
    if (!closed) {
      closed = true;
      out.onNext(SnapshotMessages.reconnect(detail));
      out.onCompleted();
    }
  }

  /** Ends the stream with an error. */
  synchronized void fail(Status status) {
    if (!closed) {
      closed = true;
      out.onError(status.asRuntimeException());
    }
  }

  /** The node ended the stream. */
  synchronized void ended() {
    if (!closed) {
      closed = true;
      out.onCompleted();
    }
  }

  /** The stream is gone; nothing can be said any more. */
  synchronized void lost() {
    closed = true;
  }

  synchronized NodeState state() {
    NodeSnapshot desired = latest;
    return new NodeState(
        node,
        since,
        hello.getCapabilities(),
        desired == null ? "" : desired.version(),
        held,
        Optional.ofNullable(refusal));
  }

  /** What the node should hold. */
  synchronized Optional<NodeSnapshot> desired() {
    return Optional.ofNullable(latest);
  }
}
