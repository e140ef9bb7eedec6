package dev.shunt.publish.grpc;

import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceSink;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.function.LongConsumer;

/**
 * A trace on its way to one reader. Threads: the module's own thread sends; {@link #finish} any.
 */
final class TraceStream implements TraceSink {
  private final ServerCallStreamObserver<dev.shunt.v1.TraceEvent> reader;
  private final long number;
  private final LongConsumer gone;
  private volatile boolean enough;

  /**
   * To be made before the call's method returns.
   *
   * @param number tells it apart from all others of this node
   * @param gone called with that when it has ended, perhaps twice
   */
  TraceStream(
      ServerCallStreamObserver<dev.shunt.v1.TraceEvent> reader, long number, LongConsumer gone) {
    this.reader = reader;
    this.number = number;
    this.gone = gone;
    reader.setOnCancelHandler(() -> gone.accept(number)); // without one a send after it throws
  }

  /** The reader wants the rest and then the end. */
  void finish() {
    enough = true;
  }

  @Override
  public boolean isEnough() {
    return enough;
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
    reader.onNext(numbered(TraceMessages.event(event)));
  }

  /** Whoever wants the end of it must be able to name it. */
  private dev.shunt.v1.TraceEvent numbered(dev.shunt.v1.TraceEvent message) {
    if (!message.hasTotals()) {
      return message;
    }
    return message.toBuilder().setTotals(message.getTotals().toBuilder().setTrace(number)).build();
  }

  @Override
  public void end() {
    gone.accept(number);
    if (!reader.isCancelled()) {
      reader.onCompleted();
    }
  }
}
