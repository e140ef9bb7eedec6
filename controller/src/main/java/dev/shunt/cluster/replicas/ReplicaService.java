package dev.shunt.cluster.replicas;

import dev.shunt.v1.ReplicaNode;
import dev.shunt.v1.ReplicasGrpc;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * {@code shunt.v1.Replicas}; the call's certificate was checked before. Threads: those of calls.
 */
public final class ReplicaService extends ReplicasGrpc.ReplicasImplBase {
  private final NodeDirectory directory;

  public ReplicaService(NodeDirectory directory) {
    this.directory = directory;
  }

  @Override
  public StreamObserver<ReplicaNode> share(StreamObserver<ReplicaNode> caller) {
    ServerCallStreamObserver<ReplicaNode> out = (ServerCallStreamObserver<ReplicaNode>) caller;
    PeerStream peer = new PeerStream(directory, out);
    Runnable end =
        () -> {
          peer.close();
          directory.leave(peer);
        };
    out.setOnReadyHandler(peer::drain);
    out.setOnCancelHandler(end);
    directory.join(peer);
    return new StreamObserver<>() {
      @Override
      public void onNext(ReplicaNode message) {
        directory.take(peer, message);
      }

      @Override
      public void onError(Throwable cause) {
        end.run();
      }

      @Override
      public void onCompleted() {
        end.run();
        out.onCompleted();
      }
    };
  }
}
