package dev.shunt.publish.grpc;

import dev.shunt.observe.trace.TraceSource;
import dev.shunt.v1.TraceEvent;
import dev.shunt.v1.TraceGrpc;
import dev.shunt.v1.WatchTraceRequest;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * {@code shunt.v1.Trace} over a {@link TraceSource}.
 *
 * <p>Threads: gRPC calls the methods on {@link CallThreads#calls}; the module's own thread answers.
 */
final class TraceService extends TraceGrpc.TraceImplBase {
  private final TraceSource source;

  TraceService(TraceSource source) {
    this.source = source;
  }

  @Override
  public void watch(WatchTraceRequest request, StreamObserver<TraceEvent> caller) {
    Answers.guard(
        caller,
        () -> {
          TraceStream stream = new TraceStream((ServerCallStreamObserver<TraceEvent>) caller);
          try {
            source.trace(TraceRequests.query(request), stream);
          } catch (TraceSource.TraceRefusedException refused) {
            Status status =
                switch (refused.kind()) {
                  case INVALID -> Status.INVALID_ARGUMENT;
                  case NOT_FOUND -> Status.NOT_FOUND;
                  case TOO_MANY -> Status.RESOURCE_EXHAUSTED;
                  case UNSUPPORTED -> Status.FAILED_PRECONDITION;
                };
            throw status.withDescription(refused.getMessage()).asRuntimeException();
          }
        });
  }
}
