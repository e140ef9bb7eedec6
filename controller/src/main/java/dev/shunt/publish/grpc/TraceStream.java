package dev.shunt.publish.grpc;

import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceSink;
import io.grpc.stub.ServerCallStreamObserver;

/** A trace on its way to one reader. Threads: the module's own thread sends. */
final class TraceStream implements TraceSink {
  private final ServerCallStreamObserver<dev.shunt.v1.TraceEvent> reader;

  /** To be made before the call's method returns. */
  TraceStream(ServerCallStreamObserver<dev.shunt.v1.TraceEvent> reader) {
    this.reader = reader;
    reader.setOnCancelHandler(() -> {}); // else a send after it throws
  }

  @Override
  public boolean isReady() {
    return reader.isReady();
  }

  @Override
  public boolean hasLeft() {
    return reader.isCancelled();
  }

  @Override
  public void event(TraceEvent event) {
    reader.onNext(TraceMessages.event(event));
  }

  @Override
  public void end() {
    if (!reader.isCancelled()) {
      reader.onCompleted();
    }
  }
}
