package dev.shunt.cluster.distribute;

import static dev.shunt.cluster.TestFacts.acceleration;
import static dev.shunt.cluster.TestFacts.pod;
import static dev.shunt.publish.grpc.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.v1.NodeHello;
import dev.shunt.v1.PlaneMessage;
import io.grpc.stub.ServerCallStreamObserver;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a stream that fails costs its own node and others. The streams are stand-ins. */
class PlaneLoopTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(PlaneLoop.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PlaneMeter meter = new PlaneMeter(registry);
  private final Distributor distributor = new Distributor(meter);
  private PlaneLoop loop;

  @BeforeEach
  void start() {
    log.start();
    logger.addAppender(log);
    loop = PlaneLoop.start(distributor, meter);
  }

  @AfterEach
  void stop() {
    loop.close();
    logger.detachAppender(log);
  }

  private NodeChannel join(String name, Stream stream) {
    NodeChannel channel =
        new NodeChannel(
            new NodeCall(name, Instant.MAX),
            NodeHello.newBuilder().setNodeName(name).build(),
            stream,
            meter);
    distributor.join(channel);
    return channel;
  }

  private double failures() {
    return registry.scrape(name -> name.equals("shunt_plane_offer_failures")).stream()
        .map(CounterSnapshot.class::cast)
        .flatMap(counter -> counter.getDataPoints().stream())
        .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
        .sum();
  }

  @Test
  void offer_oneStreamFails_othersGetTheirsAndItIsOfferedAgain() {
    Stream bad = new Stream(1);
    Stream second = new Stream(0);
    Stream third = new Stream(0);
    join("n1", bad);
    join("n2", second);
    join("n3", third);

    loop.synced();

    until("a snapshot for the node whose stream failed once", () -> bad.got.size() == 1);
    assertThat(second.got).hasSize(1);
    assertThat(third.got).hasSize(1);
    assertThat(failures()).isEqualTo(1);
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .singleElement()
        .asString()
        .matches(
            "offer version \\S+ to node n1 failed: java.lang.IllegalStateException: call is closed;"
                + " offered again every 1000 ms, others get theirs");
  }

  @Test
  void offer_factsChangeMeanwhile_getsTheNewest() {
    Stream bad = new Stream(1);
    join("n1", bad);
    loop.synced();
    until("the first offer", () -> failures() == 1);

    loop.accept(acceleration("shop", "web", "off")); // touches nothing without the pod
    loop.accept(pod("1", "shop", "n1", "web"));

    until("a snapshot", () -> !bad.got.isEmpty());
    assertThat(bad.got.get(0).getSnapshot().getPoliciesList()).hasSize(1);
  }

  @Test
  void offer_streamThatFailedIsGone_nextOneGetsTheSnapshot() {
    NodeChannel channel = join("n1", new Stream(Integer.MAX_VALUE));
    loop.synced();
    until("it is offered again", () -> failures() >= 2);

    distributor.leave(channel);
    Stream next = new Stream(0);
    join("n1", next);

    until("a snapshot for the next stream", () -> next.got.size() == 1);
    assertThat(log.list).as("one line, however often it fails").hasSize(1);
  }

  /** Fails the first times, as that of a call that ended a moment ago. */
  private static final class Stream extends ServerCallStreamObserver<PlaneMessage> {
    private final List<PlaneMessage> got = new CopyOnWriteArrayList<>();
    private int failures;

    Stream(int failures) {
      this.failures = failures;
    }

    @Override
    public void onNext(PlaneMessage message) {
      if (failures > 0) {
        failures--;
        throw new IllegalStateException("call is closed");
      }
      got.add(message);
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {}

    @Override
    public void request(int count) {}

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public void setMessageCompression(boolean enable) {}

    @Override
    public void disableAutoInboundFlowControl() {}
  }
}
