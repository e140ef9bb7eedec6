package dev.shunt.e2e.bench.plane;

import dev.shunt.v1.NodeMessage;
import dev.shunt.v1.PlaneMessage;
import dev.shunt.v1.SnapshotAck;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/** Acknowledges what it is told. Called by the event loop. */
final class SimulatedNode implements StreamObserver<PlaneMessage> {
  private final String name;
  private volatile @Nullable StreamObserver<NodeMessage> out;

  SimulatedNode(String name) {
    this.name = name;
  }

  void answerOn(StreamObserver<NodeMessage> stream) {
    out = stream;
  }

  @Override
  public void onNext(PlaneMessage message) {
    switch (message.getMessageCase()) {
      case SNAPSHOT ->
          acknowledge(message.getSnapshot().getVersion(), message.getSnapshot().getNonce());
      case DELTA -> acknowledge(message.getDelta().getVersion(), message.getDelta().getNonce());
      default -> {}
    }
  }

  private void acknowledge(String version, String nonce) {
    StreamObserver<NodeMessage> stream = out;
    if (stream != null) {
      stream.onNext(
          NodeMessage.newBuilder()
              .setAck(SnapshotAck.newBuilder().setVersion(version).setNonce(nonce))
              .build());
    }
  }

  @Override
  public void onError(Throwable cause) {
    System.err.println("bench: " + name + " lost its stream: " + cause.getMessage());
  }

  @Override
  public void onCompleted() {
    // the control plane stops: the end of a measurement
  }
}
