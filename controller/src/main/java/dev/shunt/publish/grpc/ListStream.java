package dev.shunt.publish.grpc;

import dev.shunt.observe.ConnectionView;
import dev.shunt.v1.Connection;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Iterator;
import java.util.List;

/**
 * Connections on their way to one reader, at the reader's pace; no thread waits for it.
 *
 * <p>Threads: {@link #drain} from any; one at a time sends.
 */
final class ListStream {
  private final ServerCallStreamObserver<Connection> reader;
  private final Iterator<ConnectionView> rest;
  private boolean ended;

  ListStream(ServerCallStreamObserver<Connection> reader, List<ConnectionView> connections) {
    this.reader = reader;
    this.rest = connections.iterator();
  }

  /** Sends as many as the reader is ready to take, and ends the stream after the last. */
  synchronized void drain() {
    while (!ended && rest.hasNext() && reader.isReady()) {
      reader.onNext(ConnectionMessages.connection(rest.next()));
    }
    if (!ended && !rest.hasNext()) {
      ended = true;
      reader.onCompleted();
    }
  }
}
