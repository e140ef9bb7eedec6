package dev.shunt.publish.grpc;

import dev.shunt.observe.TapSource;
import dev.shunt.publish.grpc.NodeServerConfig.TapAccess;
import dev.shunt.v1.TapEvent;
import dev.shunt.v1.TapGrpc;
import dev.shunt.v1.WatchTapRequest;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * {@code shunt.v1.Tap} over a {@link TapSource}.
 *
 * <p>Threads: gRPC calls the methods on {@link CallThreads#calls}; the tap's own thread answers.
 */
final class TapService extends TapGrpc.TapImplBase {
  private final TapSource source;
  private final TapAccess access;

  TapService(TapSource source, TapAccess access) {
    this.source = source;
    this.access = access;
  }

  @Override
  public void watch(WatchTapRequest request, StreamObserver<TapEvent> caller) {
    Answers.guard(
        caller,
        () -> {
          if (access == TapAccess.REFUSED) {
            throw Status.PERMISSION_DENIED
                .withDescription(
                    "open tap failed: payload is not shown on this port; ask on the node's unix"
                        + " socket, or run the node with --tls-allow-tap")
                .asRuntimeException();
          }
          TapStream stream = new TapStream((ServerCallStreamObserver<TapEvent>) caller);
          try {
            source.tap(TapMessages.query(request), stream);
          } catch (TapSource.TapRefusedException refused) {
            Status status =
                switch (refused.kind()) {
                  case NOT_FOUND -> Status.NOT_FOUND;
                  case TOO_MANY -> Status.RESOURCE_EXHAUSTED;
                };
            throw status.withDescription(refused.getMessage()).asRuntimeException();
          }
        });
  }
}
