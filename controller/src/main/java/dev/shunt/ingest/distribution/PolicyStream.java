package dev.shunt.ingest.distribution;

import dev.shunt.v1.DistributionGrpc;
import dev.shunt.v1.NodeHello;
import dev.shunt.v1.NodeMessage;
import dev.shunt.v1.PlaneMessage;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the control plane. One thread of its own does everything and calls the listener and the
 * feed. Lifecycle: from {@link #start} until {@link #close}.
 */
public final class PolicyStream implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyStream.class);
  private static final Duration REPORT_INTERVAL = Duration.ofSeconds(10);
  private static final Duration RENEWAL_CHECK = Duration.ofMinutes(1);
  private static final long CLOSE_SECONDS = 2;

  private final PolicyStreamConfig config;
  private final NodeFeed feed;
  private final NodeCertificates certificates;
  private final Backoff backoff = new Backoff(new SplittableRandom());
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "plane-stream");
            made.setDaemon(true);
            return made;
          });

  // Owned by the thread.
  private final HeldSnapshot held;
  private @Nullable Attempt attempt;
  private volatile PlaneStatus status = new PlaneStatus(false, "", "not connected yet");

  private PolicyStream(PolicyStreamConfig config, SnapshotListener listener, NodeFeed feed) {
    this.config = config;
    this.feed = feed;
    this.held = new HeldSnapshot(new SnapshotStore(config.stateDirectory()), listener);
    this.certificates = new NodeCertificates(config, Clock.systemUTC());
  }

  /**
   * Gives the listener the last good snapshot, on the caller's thread, and starts to follow. Never
   * waits for the control plane.
   */
  public static PolicyStream start(
      PolicyStreamConfig config, SnapshotListener listener, NodeFeed feed) {
    PolicyStream stream = new PolicyStream(config, listener, feed);
    stream.held.restore();
    stream.thread.execute(stream::connect);
    stream.every(REPORT_INTERVAL, stream::report);
    stream.every(RENEWAL_CHECK, stream::renew);
    return stream;
  }

  /** How it stands; any thread. */
  public PlaneStatus status() {
    return status;
  }

  @Override
  public void close() {
    if (thread.isShutdown()) {
      return;
    }
    thread.execute(() -> end(attempt));
    thread.shutdown();
    try {
      thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.shutdownNow();
  }

  private void every(Duration interval, Runnable task) {
    var unused =
        thread.scheduleWithFixedDelay(
            () -> {
              try {
                task.run();
              } catch (RuntimeException e) {
                LOG.error("a task of the policy stream failed; it runs again", e);
              }
            },
            interval.toMillis(),
            interval.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** One connection and its stream. */
  private record Attempt(ManagedChannel channel, StreamObserver<NodeMessage> out) {}

  private void connect() {
    try {
      ManagedChannel channel = PlaneChannel.open(config, Optional.of(certificates.current()));
      Receiver receiver = new Receiver(channel);
      StreamObserver<NodeMessage> out = DistributionGrpc.newStub(channel).stream(receiver);
      attempt = new Attempt(channel, out);
      NodeHello.Builder hello =
          NodeHello.newBuilder()
              .setNodeName(config.nodeName())
              .setCapabilities(feed.capabilities())
              .setHeldVersion(held.version());
      out.onNext(NodeMessage.newBuilder().setHello(hello).build());
    } catch (StatusRuntimeException e) {
      failed(text(e.getStatus()));
    } catch (IOException | RuntimeException e) {
      failed(String.valueOf(e.getMessage()));
    }
  }

  private void failed(String cause) {
    end(attempt);
    again(cause, backoff.next());
  }

  private void again(String cause, Duration pause) {
    String text =
        "follow control plane %s failed: %s; keeping %s, trying again"
            .formatted(config.target(), cause, held.text());
    if (!text.equals(status.error())) {
      LOG.warn("{}", text); // once, not at every attempt
    }
    status = new PlaneStatus(false, held.version(), text);
    if (!thread.isShutdown()) {
      var unused = thread.schedule(this::connect, pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void end(@Nullable Attempt ended) {
    if (ended != null) {
      attempt = null;
      ended.channel().shutdownNow();
    }
  }

  private void connected() {
    backoff.reset();
    if (!status.isConnected()) {
      LOG.info("following control plane {}", config.target());
      status = new PlaneStatus(true, held.version(), "");
    }
  }

  private void take(PlaneMessage message) {
    connected();
    switch (message.getMessageCase()) {
      case SNAPSHOT -> apply(message);
      case DELTA -> apply(message);
      case RECONNECT -> {
        end(attempt);
        again(message.getReconnect().getDetail(), backoff.afterHint());
      }
      default -> LOG.debug("control plane says {}", message.getMessageCase());
    }
  }

  private void apply(PlaneMessage message) {
    HeldSnapshot.Answer answer = held.apply(message);
    status = new PlaneStatus(true, held.version(), answer.error());
    send(answer.message());
  }

  private void send(NodeMessage message) {
    Attempt open = attempt;
    if (open != null) {
      open.out().onNext(message);
    }
  }

  private void report() {
    if (attempt != null && status.isConnected()) {
      send(NodeMessage.newBuilder().setReport(feed.report()).build());
    }
  }

  /** A stream lasts no longer than its certificate: open the next one in time. */
  private void renew() {
    if (attempt != null && certificates.isDue()) {
      end(attempt);
      connect();
    }
  }

  private static String text(Status status) {
    String description = status.getDescription();
    String cause = description == null ? status.getCode().toString() : description;
    return status.getCause() == null ? cause : cause + " (" + status.getCause().getMessage() + ")";
  }

  /** Hands what the server says to the thread. */
  private final class Receiver implements StreamObserver<PlaneMessage> {
    private final ManagedChannel channel;

    Receiver(ManagedChannel channel) {
      this.channel = channel;
    }

    private void here(Runnable task) {
      try {
        thread.execute(
            () -> {
              Attempt open = attempt;
              if (open != null && open.channel().equals(channel)) {
                task.run();
              }
            });
      } catch (RejectedExecutionException e) {
        LOG.debug("closed; what the server still says is left out");
      }
    }

    @Override
    public void onNext(PlaneMessage message) {
      here(() -> take(message));
    }

    @Override
    public void onError(Throwable cause) {
      Status failure = Status.fromThrowable(cause);
      here(
          () -> {
            if (failure.getCode() == Status.Code.UNAUTHENTICATED) {
              certificates.drop();
            }
            failed(text(failure));
          });
    }

    @Override
    public void onCompleted() {
      here(() -> failed("the server ended the stream"));
    }
  }
}
