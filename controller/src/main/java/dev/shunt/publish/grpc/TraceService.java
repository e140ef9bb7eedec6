package dev.shunt.publish.grpc;

import dev.shunt.observe.trace.TraceSource;
import dev.shunt.v1.FinishTraceRequest;
import dev.shunt.v1.FinishTraceResponse;
import dev.shunt.v1.TraceEvent;
import dev.shunt.v1.TraceGrpc;
import dev.shunt.v1.WatchTraceRequest;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code shunt.v1.Trace} over a {@link TraceSource}.
 *
 * <p>Threads: gRPC calls the methods on {@link CallThreads#calls}; the module's own thread answers.
 */
final class TraceService extends TraceGrpc.TraceImplBase {
  private final TraceSource source;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, TraceStream> streams = new ConcurrentHashMap<>();

  TraceService(TraceSource source) {
    this.source = source;
  }

  @Override
  public void watch(WatchTraceRequest request, StreamObserver<TraceEvent> caller) {
    Answers.guard(
        caller,
        () -> {
          long number = numbers.incrementAndGet();
          TraceStream stream =
              new TraceStream(
                  (ServerCallStreamObserver<TraceEvent>) caller, number, streams::remove);
          streams.put(number, stream);
          boolean opened = false;
          try {
            source.trace(TraceRequests.query(request), stream);
            opened = true;
          } catch (TraceSource.TraceRefusedException refused) {
            throw status(refused).withDescription(refused.getMessage()).asRuntimeException();
          } finally {
            if (!opened || stream.hasLeft()) {
              streams.remove(number);
            }
          }
        });
  }

  private static Status status(TraceSource.TraceRefusedException refused) {
    return switch (refused.kind()) {
      case INVALID -> Status.INVALID_ARGUMENT;
      case NOT_FOUND -> Status.NOT_FOUND;
      case TOO_MANY -> Status.RESOURCE_EXHAUSTED;
      case UNSUPPORTED -> Status.FAILED_PRECONDITION;
    };
  }

  @Override
  public void finish(FinishTraceRequest request, StreamObserver<FinishTraceResponse> caller) {
    Answers.unary(
        caller,
        () -> {
          TraceStream stream = streams.get(request.getTrace());
          if (stream == null) {
            throw Status.NOT_FOUND
                .withDescription(
                    "find trace %s failed: it has ended"
                        .formatted(Long.toUnsignedString(request.getTrace())))
                .asRuntimeException();
          }
          stream.finish();
          return FinishTraceResponse.getDefaultInstance();
        });
  }
}
