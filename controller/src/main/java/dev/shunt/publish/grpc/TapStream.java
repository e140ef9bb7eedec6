package dev.shunt.publish.grpc;

import dev.shunt.observe.TapPiece;
import dev.shunt.observe.TapSink;
import dev.shunt.observe.TapTotals;
import dev.shunt.v1.TapEvent;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;

/**
 * A tap on its way to one reader, which sets the pace. Threads: the tap's own thread sends; gRPC's
 * wake it up.
 */
final class TapStream implements TapSink {
  private final ServerCallStreamObserver<TapEvent> reader;

  /** To be made before the call's method returns. */
  TapStream(ServerCallStreamObserver<TapEvent> reader) {
    this.reader = reader;
    reader.setOnReadyHandler(this::wake);
    reader.setOnCancelHandler(this::wake);
  }

  private synchronized void wake() {
    notifyAll();
  }

  @Override
  public boolean isReady() {
    return reader.isReady();
  }

  @Override
  public synchronized void await(Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    long left = timeout.toMillis();
    while (left > 0 && !isReady() && !hasLeft()) {
      wait(left);
      left = (end - System.nanoTime()) / 1_000_000;
    }
  }

  @Override
  public boolean hasLeft() {
    return reader.isCancelled();
  }

  @Override
  public void piece(TapPiece piece) {
    reader.onNext(TapEvent.newBuilder().setPiece(TapMessages.piece(piece)).build());
  }

  @Override
  public void totals(TapTotals totals) {
    reader.onNext(TapEvent.newBuilder().setTotals(TapMessages.totals(totals)).build());
  }

  @Override
  public void end() {
    if (!reader.isCancelled()) {
      reader.onCompleted();
    }
  }
}
