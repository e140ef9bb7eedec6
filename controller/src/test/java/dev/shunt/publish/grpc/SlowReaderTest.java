package dev.shunt.publish.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.ConnectionView;
import dev.shunt.observe.EventType;
import dev.shunt.observe.InMemoryNode;
import dev.shunt.observe.Reason;
import dev.shunt.observe.Samples;
import dev.shunt.observe.Step;
import dev.shunt.v1.Connection;
import dev.shunt.v1.Event;
import dev.shunt.v1.GetStatsRequest;
import dev.shunt.v1.GetStatsResponse;
import dev.shunt.v1.ListConnectionsRequest;
import dev.shunt.v1.NodeGrpc;
import dev.shunt.v1.WatchEventsRequest;
import dev.shunt.v1.WatchStatsRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams whose reader does not read, over a real unix socket. */
class SlowReaderTest {
  private static final int EVENTS = 50_000;
  private static final int CONNECTIONS = 20_000;

  @TempDir private Path directory;
  private final InMemoryNode node = new InMemoryNode();
  private NodeServer server;
  private UnixChannel channel;

  @BeforeEach
  void start() throws Exception {
    Path socket = directory.resolve("node.sock");
    server = NodeServer.start(node, new NodeServerConfig(socket, Optional.empty()));
    channel = UnixChannel.open(socket);
  }

  @AfterEach
  void stop() throws Exception {
    channel.close();
    server.close();
  }

  @Test
  void watchEvents_readerStalls_lostIsCountedAndOthersAreServed() {
    ManualReader<WatchEventsRequest, Event> slow = new ManualReader<>();
    NodeGrpc.newStub(channel.channel()).watchEvents(WatchEventsRequest.getDefaultInstance(), slow);
    Await.until("the subscription", () -> node.listenerCount() == 1);

    ConnectionView connection = connection(1);
    for (int i = 0; i < EVENTS; i++) {
      node.emit(Samples.event(EventType.JOIN, connection));
    }
    assertOthersAreServed();

    slow.request(Integer.MAX_VALUE);
    Await.untilStable("events", slow::count);
    node.emit(Samples.event(EventType.CLOSE, connection)); // Carries what was lost last.
    Await.until("the last event", () -> slow.count() > 0 && isClose(slow.last()));
    long received = slow.count();
    long lost = slow.all().stream().mapToLong(Event::getLost).sum();
    assertThat(lost).isPositive();
    assertThat(received + lost).isEqualTo(EVENTS + 1);
    assertThat(received).isGreaterThan(EventStream.CAPACITY);
  }

  @Test
  void watchEvents_readerCancels_subscriptionEnds() {
    ManualReader<WatchEventsRequest, Event> reader = new ManualReader<>();
    NodeGrpc.newStub(channel.channel())
        .watchEvents(WatchEventsRequest.getDefaultInstance(), reader);
    Await.until("the subscription", () -> node.listenerCount() == 1);

    reader.cancel();

    Await.until("the end of the subscription", () -> node.listenerCount() == 0);
  }

  @Test
  void listConnections_readerStalls_othersAreServedAndNothingIsMissing() {
    List<ConnectionView> connections = new ArrayList<>();
    for (int i = 1; i <= CONNECTIONS; i++) {
      connections.add(connection(i));
    }
    node.setConnections(connections);
    List<ManualReader<ListConnectionsRequest, Connection>> readers = new ArrayList<>();
    for (int i = 0; i < 8; i++) { // More than there are call threads.
      ManualReader<ListConnectionsRequest, Connection> reader = new ManualReader<>();
      NodeGrpc.newStub(channel.channel())
          .listConnections(ListConnectionsRequest.getDefaultInstance(), reader);
      readers.add(reader);
    }
    assertOthersAreServed();

    for (ManualReader<ListConnectionsRequest, Connection> reader : readers) {
      reader.request(Integer.MAX_VALUE);
      Await.until("the end of the list", reader::completed);
      assertThat(reader.count()).isEqualTo(CONNECTIONS);
    }
  }

  @Test
  void watchStats_readerStalls_ticksAreSkippedNotQueued() {
    ManualReader<WatchStatsRequest, GetStatsResponse> slow = new ManualReader<>();
    NodeGrpc.newStub(channel.channel())
        .watchStats(
            WatchStatsRequest.newBuilder()
                .setInterval(com.google.protobuf.Duration.newBuilder().setNanos(100_000_000))
                .build(),
            slow);
    Await.until("ticks", () -> node.statsReads() > 3);
    assertOthersAreServed();

    slow.request(1);
    Await.until("an answer", () -> slow.count() == 1);
  }

  private void assertOthersAreServed() {
    GetStatsResponse stats =
        NodeGrpc.newBlockingStub(channel.channel())
            .withDeadlineAfter(10, java.util.concurrent.TimeUnit.SECONDS)
            .getStats(GetStatsRequest.getDefaultInstance());
    assertThat(stats.getTotals().getSpills()).isEqualTo(7);
  }

  private static boolean isClose(Event event) {
    return event.getType() == dev.shunt.v1.EventType.EVENT_TYPE_CLOSE;
  }

  private static ConnectionView connection(long cookie) {
    return Samples.connection(
        cookie, "127.0.0.1:40000", "127.0.0.1:80", Samples.progress(Step.JOINED, Reason.NONE));
  }
}
