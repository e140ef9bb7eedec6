package dev.shunt.publish.grpc;

import dev.shunt.observe.NodeEventView;
import dev.shunt.v1.Event;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Events on their way to one reader: a bounded queue between the node's event thread and a stream.
 *
 * <p>Threads: {@link #offer} from the event thread, never blocks; {@link #drain} from any; one
 * thread at a time sends. What does not fit into the queue is counted and shown as {@code lost} on
 * the next event that does.
 */
final class EventStream {
  /** A second of events at a rate that a terminal can still show. */
  static final int CAPACITY = 1024;

  private record Queued(NodeEventView event, long lost) {}

  private final ServerCallStreamObserver<Event> reader;
  private final Executor executor;
  private final Deque<Queued> queue = new ArrayDeque<>();
  private long lost;
  private boolean draining;

  EventStream(ServerCallStreamObserver<Event> reader, Executor executor) {
    this.reader = reader;
    this.executor = executor;
  }

  /** Takes an event, or counts it as lost. */
  void offer(NodeEventView event) {
    synchronized (this) {
      if (queue.size() >= CAPACITY) {
        lost += 1 + event.lost();
        return;
      }
      queue.add(new Queued(event, lost + event.lost()));
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
    for (Queued next = next(); next != null; next = next()) {
      reader.onNext(ConnectionMessages.event(next.event(), next.lost()));
    }
  }

  /**
   * The next event to send; null, and no longer draining, when there is none or nobody takes it.
   */
  private synchronized @Nullable Queued next() {
    if (reader.isCancelled()) {
      queue.clear();
    }
    Queued next = reader.isReady() ? queue.poll() : null;
    draining = next != null;
    return next;
  }
}
