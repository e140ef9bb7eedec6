package dev.shunt.cluster.distribute;

import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.cluster.observe.PlaneMeter.Refused;
import dev.shunt.v1.DistributionGrpc;
import dev.shunt.v1.NodeHello;
import dev.shunt.v1.NodeMessage;
import dev.shunt.v1.NodeReport;
import dev.shunt.v1.PlaneMessage;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * {@code shunt.v1.Distribution}. The call's certificate was checked before ({@link
 * NodeCall#CURRENT}). Threads: gRPC calls one stream's methods one after the other.
 */
public final class DistributionService extends DistributionGrpc.DistributionImplBase {
  private static final int PODS_MAX = 1001; // 1,000 and the sum of the others

  private final Distributor distributor;
  private final PlaneMeter meter;

  public DistributionService(Distributor distributor, PlaneMeter meter) {
    this.distributor = distributor;
    this.meter = meter;
  }

  @Override
  public StreamObserver<NodeMessage> stream(StreamObserver<PlaneMessage> caller) {
    NodeCall call = NodeCall.CURRENT.get();
    if (call == null) {
      throw Status.UNAUTHENTICATED.withDescription("no certificate").asRuntimeException();
    }
    NodeStream stream = new NodeStream(call, (ServerCallStreamObserver<PlaneMessage>) caller);
    stream.open();
    return stream;
  }

  /** The messages of one node. */
  private final class NodeStream implements StreamObserver<NodeMessage> {
    private final NodeCall call;
    private final ServerCallStreamObserver<PlaneMessage> out;
    private volatile @Nullable NodeChannel channel;
    private boolean ended;

    NodeStream(NodeCall call, ServerCallStreamObserver<PlaneMessage> out) {
      this.call = call;
      this.out = out;
    }

    void open() {
      out.setOnReadyHandler(
          () -> {
            NodeChannel known = channel;
            if (known != null) {
              known.send();
            }
          });
      out.setOnCancelHandler(this::leave);
    }

    @Override
    public void onNext(NodeMessage message) {
      if (ended) {
        return;
      }
      try {
        take(message);
      } catch (StatusRuntimeException e) {
        ended = true;
        meter.refused(
            e.getStatus().getCode() == Status.Code.PERMISSION_DENIED
                ? Refused.WRONG_NODE
                : Refused.MALFORMED);
        NodeChannel known = channel;
        if (known == null) {
          out.onError(e);
        } else {
          known.fail(e.getStatus());
          distributor.leave(known);
        }
      }
    }

    private void take(NodeMessage message) {
      NodeChannel known = channel;
      if (known == null) {
        channel = greet(message);
        distributor.join(channel);
        return;
      }
      switch (message.getMessageCase()) {
        case ACK -> distributor.acknowledged(known, message.getAck());
        case NACK -> distributor.refused(known, message.getNack());
        case REPORT -> distributor.reported(known, checked(message.getReport()));
        default -> throw malformed("message: " + message.getMessageCase(), "ack, nack or report");
      }
    }

    private NodeChannel greet(NodeMessage message) {
      if (!message.hasHello()) {
        throw malformed("first message: " + message.getMessageCase(), "hello");
      }
      NodeHello hello = message.getHello();
      if (!hello.getNodeName().equals(call.node())) {
        throw Status.PERMISSION_DENIED
            .withDescription("node_name is not the node of the certificate")
            .asRuntimeException();
      }
      return new NodeChannel(call, hello, out, meter);
    }

    private static NodeReport checked(NodeReport report) {
      if (report.getPodsCount() > PODS_MAX) {
        throw malformed("pods: " + report.getPodsCount(), "at most " + PODS_MAX);
      }
      return report;
    }

    private static StatusRuntimeException malformed(String what, String expected) {
      return Status.INVALID_ARGUMENT
          .withDescription(what + " (expected: " + expected + ")")
          .asRuntimeException();
    }

    @Override
    public void onError(Throwable cause) {
      leave();
    }

    @Override
    public void onCompleted() {
      NodeChannel known = channel;
      if (known != null) {
        known.ended();
      } else if (!ended) {
        out.onCompleted();
      }
      leave();
    }

    private void leave() {
      NodeChannel known = channel;
      if (known != null) {
        known.lost();
        distributor.leave(known);
      }
    }
  }
}
