package dev.shunt.publish.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends a fresh answer at an interval, the first at once. A tick is skipped while the one before is
 * still being answered, or while the reader has not taken it: the next answer is newer anyway.
 *
 * <p>Threads: ticks on the ticker, answers on the calls executor, one at a time. Ends when the
 * caller cancels or an answer fails.
 */
final class StatsStream<T> {
  private final ServerCallStreamObserver<T> reader;
  private final Supplier<T> answer;
  private final Executor calls;
  private final AtomicBoolean answering = new AtomicBoolean();
  private @Nullable ScheduledFuture<?> ticks;

  StatsStream(ServerCallStreamObserver<T> reader, Supplier<T> answer, Executor calls) {
    this.reader = reader;
    this.answer = answer;
    this.calls = calls;
  }

  /** Starts the ticks; called once, before the call's method returns. */
  synchronized void start(CallThreads threads, Duration interval) {
    reader.setOnCancelHandler(this::stop);
    ticks =
        threads
            .ticker()
            .scheduleAtFixedRate(this::tick, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void tick() {
    if (reader.isCancelled() || !reader.isReady() || !answering.compareAndSet(false, true)) {
      return;
    }
    try {
      calls.execute(this::send);
    } catch (RejectedExecutionException e) {
      stop(); // The server stops and closes the stream itself.
    }
  }

  private void send() {
    try {
      Answers.guard(
          reader,
          () -> {
            try {
              reader.onNext(answer.get());
            } catch (RuntimeException e) {
              stop();
              throw e;
            }
          });
    } finally {
      answering.set(false);
    }
  }

  private synchronized void stop() {
    if (ticks != null) {
      ticks.cancel(false);
    }
  }
}
