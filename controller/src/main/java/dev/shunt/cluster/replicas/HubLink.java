package dev.shunt.cluster.replicas;

import dev.shunt.v1.ReplicaNode;
import dev.shunt.v1.ReplicasGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a stream to the replica that holds the Lease, while that is another one. One thread of its
 * own. Lifecycle: from its construction until {@link #close}.
 */
public final class HubLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HubLink.class);
  private static final int PAUSE_MILLIS = 1000;

  private final NodeDirectory directory;
  private final Connector connector;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "hub-link");
            made.setDaemon(true);
            return made;
          });

  // Owned by the thread.
  private Optional<ReplicaAddress> hub = Optional.empty();
  private @Nullable ManagedChannel channel;

  /** Opens connections to replicas, with a certificate of this one. */
  @FunctionalInterface
  public interface Connector {
    /** A channel that connects when it is used. */
    ManagedChannel open(ReplicaAddress to) throws IOException;
  }

  public HubLink(NodeDirectory directory, Connector connector) {
    this.directory = directory;
    this.connector = connector;
  }

  /** Who holds the Lease now; empty: this replica, or nobody. */
  public void follow(Optional<ReplicaAddress> holder) {
    thread.execute(
        () -> {
          if (!holder.equals(hub)) {
            hub = holder;
            disconnect();
            connect();
          }
        });
  }

  private void connect() {
    if (hub.isEmpty() || channel != null) {
      return;
    }
    try {
      ManagedChannel opened = connector.open(hub.get());
      channel = opened;
      Receiver receiver = new Receiver(opened);
      var unused = ReplicasGrpc.newStub(opened).share(receiver);
    } catch (IOException | RuntimeException e) {
      LOG.warn("share nodes with {} failed: {}; trying again", hub.get(), e.toString());
      again();
    }
  }

  private void again() {
    disconnect();
    long pause = PAUSE_MILLIS + ThreadLocalRandom.current().nextLong(PAUSE_MILLIS);
    var unused = thread.schedule(this::connect, pause, TimeUnit.MILLISECONDS);
  }

  private void disconnect() {
    ManagedChannel open = channel;
    channel = null;
    if (open != null) {
      open.shutdownNow();
    }
  }

  @Override
  public void close() {
    thread.execute(this::disconnect);
    thread.shutdown();
  }

  /** What the hub says. */
  private final class Receiver implements ClientResponseObserver<ReplicaNode, ReplicaNode> {
    private final ManagedChannel of;
    private @Nullable PeerStream peer;

    Receiver(ManagedChannel of) {
      this.of = of;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ReplicaNode> out) {
      PeerStream made = new PeerStream(directory, out);
      peer = made;
      boolean[] joined = {false};
      out.setOnReadyHandler(
          () -> {
            if (!joined[0]) { // not before the call has started
              joined[0] = true;
              directory.join(made);
            }
            made.drain();
          });
    }

    @Override
    public void onNext(ReplicaNode message) {
      PeerStream known = peer;
      if (known != null) {
        directory.take(known, message);
      }
    }

    @Override
    public void onError(Throwable cause) {
      end(Status.fromThrowable(cause).toString());
    }

    @Override
    public void onCompleted() {
      end("it ended the stream");
    }

    private void end(String cause) {
      PeerStream known = peer;
      if (known != null) {
        known.close();
        directory.leave(known);
      }
      if (!thread.isShutdown()) {
        thread.execute(
            () -> {
              if (channel != null && channel.equals(of)) {
                LOG.info("stream to {} is over: {}; connecting again", hub, cause);
                again();
              }
            });
      }
    }
  }
}
