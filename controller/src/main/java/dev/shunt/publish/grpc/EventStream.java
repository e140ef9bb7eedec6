package dev.shunt.publish.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Events on their way to one reader: a bounded queue between the node's event thread and a stream.
 *
 * <p>Threads: {@link #offer} from the event thread, never blocks; {@link #drain} from any; one
 * thread at a time sends. What does not fit into the queue is counted and shown as {@code lost} on
 * the next event that does.
 */
final class EventStream<V, M> {
  /** A second of events at a rate that a terminal can still show. */
  static final int CAPACITY = 1024;

  /**
   * How events become messages.
   *
   * @param lost of an event: those that did not fit before it
   * @param message of an event and of all that did not fit before it
   */
  record Form<V, M>(ToLongFunction<V> lost, Message<V, M> message) {}

  /** Makes a message. */
  interface Message<V, M> {
    M of(V event, long lost);
  }

  private record Queued<V>(V event, long lost) {}

  private final ServerCallStreamObserver<M> reader;
  private final Executor executor;
  private final Form<V, M> form;
  private final Deque<Queued<V>> queue = new ArrayDeque<>();
  private long lost;
  private boolean draining;

  EventStream(ServerCallStreamObserver<M> reader, Executor executor, Form<V, M> form) {
    this.reader = reader;
    this.executor = executor;
    this.form = form;
  }

  /** Takes an event, or counts it as lost. */
  void offer(V event) {
    synchronized (this) {
      if (queue.size() >= CAPACITY) {
        lost += 1 + form.lost().applyAsLong(event);
        return;
      }
      queue.add(new Queued<>(event, lost + form.lost().applyAsLong(event)));
      lost = 0;
    }
    drain();
  }

  /** Sends what the reader is ready to take, on the executor. */
  void drain() {
    synchronized (this) {
      if (draining || queue.isEmpty()) {
        return;
      }
      draining = true;
    }
    try {
      executor.execute(this::send);
    } catch (RejectedExecutionException e) {
      // The server stops; the stream is about to be closed with it.
      synchronized (this) {
        queue.clear();
      }
    }
  }

  private void send() {
    for (Queued<V> next = next(); next != null; next = next()) {
      reader.onNext(form.message().of(next.event(), next.lost()));
    }
  }

  /**
   * The next event to send; null, and no longer draining, when there is none or nobody takes it.
   */
  private synchronized @Nullable Queued<V> next() {
    if (reader.isCancelled()) {
      queue.clear();
    }
    Queued<V> next = reader.isReady() ? queue.poll() : null;
    draining = next != null;
    return next;
  }
}
