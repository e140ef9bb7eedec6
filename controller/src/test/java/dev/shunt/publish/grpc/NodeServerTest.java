package dev.shunt.publish.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Duration;
import dev.shunt.observe.InMemoryNode;
import dev.shunt.observe.NodeStatus;
import dev.shunt.observe.Reason;
import dev.shunt.observe.Samples;
import dev.shunt.observe.SelfTestReport;
import dev.shunt.observe.Step;
import dev.shunt.v1.ExplainConnectionRequest;
import dev.shunt.v1.ExplainConnectionResponse;
import dev.shunt.v1.GetStatsRequest;
import dev.shunt.v1.GetStatsResponse;
import dev.shunt.v1.GetStatusRequest;
import dev.shunt.v1.GetStatusResponse;
import dev.shunt.v1.ListConnectionsRequest;
import dev.shunt.v1.Mode;
import dev.shunt.v1.NodeGrpc;
import dev.shunt.v1.RunSelfTestRequest;
import dev.shunt.v1.SetModeRequest;
import dev.shunt.v1.SetModeResponse;
import dev.shunt.v1.WatchEventsRequest;
import dev.shunt.v1.WatchStatsRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The node API over a real unix socket, with a fixture in place of the kernel. */
class NodeServerTest {
  @TempDir private Path directory;
  private final InMemoryNode node = new InMemoryNode();
  private NodeServer server;
  private UnixChannel channel;
  private NodeGrpc.NodeBlockingStub stub;

  @BeforeEach
  void start() throws Exception {
    Path socket = directory.resolve("node.sock");
    server = NodeServer.start(node, new NodeServerConfig(socket, Optional.empty()));
    channel = UnixChannel.open(socket);
    stub = NodeGrpc.newBlockingStub(channel.channel());
    node.setConnections(
        List.of(
            Samples.paired(
                Samples.connection(
                    7,
                    "127.0.0.1:40000",
                    "127.0.0.1:80",
                    Samples.progress(Step.JOINED, Reason.NONE)),
                8),
            Samples.paired(
                Samples.connection(
                    8,
                    "127.0.0.1:80",
                    "127.0.0.1:40000",
                    Samples.progress(Step.JOINED, Reason.NONE)),
                7),
            Samples.connection(
                9,
                "127.0.0.1:80",
                "127.0.0.1:40001",
                Samples.progress(Step.PAIRED, Reason.TOO_YOUNG))));
  }

  @AfterEach
  void stop() throws Exception {
    channel.close();
    server.close();
  }

  @Test
  void getStatus_readyNode_everyPartIsThere() {
    GetStatusResponse status = stub.getStatus(GetStatusRequest.getDefaultInstance());

    assertThat(status.getReady()).isTrue();
    assertThat(status.getMode()).isEqualTo(Mode.MODE_ACCELERATE);
    assertThat(status.getModeOverride()).isEqualTo(Mode.MODE_POLICY);
    assertThat(status.getReadopted()).isTrue();
    assertThat(status.getStarted().getSeconds()).isEqualTo(Samples.STARTED.getEpochSecond());
    assertThat(status.getHooksList()).extracting("attached").containsExactly(true, false);
    assertThat(status.getNamespacesList()).extracting("hooked").containsExactly(true, false);
    assertThat(status.getPoliciesList()).extracting("accepted").containsExactly(true, false);
    assertThat(status.getSelfTest().getPassed()).isTrue();
    assertThat(status.getSelfTest().getChecksCount()).isEqualTo(2);
    assertThat(status.getTelemetryList()).extracting("module").containsExactly("http", "jvm");
  }

  @Test
  void getStats_counters_eachInItsField() {
    GetStatsResponse stats = stub.getStats(GetStatsRequest.getDefaultInstance());

    assertThat(stats.getTotals().getConnectionsPaired()).isEqualTo(20);
    assertThat(stats.getTotals().getConnectionsAdopted()).isEqualTo(18);
    assertThat(stats.getTotals().getConnectionsJoined()).isEqualTo(16);
    assertThat(stats.getTotals().getConnectionsClosed()).isEqualTo(4);
    assertThat(stats.getTotals().getMessagesRedirected()).isEqualTo(1000);
    assertThat(stats.getTotals().getBytesRedirected()).isEqualTo(1_536_000);
    assertThat(stats.getTotals().getMessagesPassed()).isEqualTo(30);
    assertThat(stats.getTotals().getBytesPassed()).isEqualTo(3000);
    assertThat(stats.getTotals().getSpills()).isEqualTo(7);
    assertThat(stats.getEndpointsList()).extracting("name").containsExactly("web");
    assertThat(stats.getEventsLost()).isEqualTo(3);
    assertThat(stats.getConnectionsPairedNow()).isEqualTo(6);
    assertThat(stats.getConnectionsAdoptedNow()).isEqualTo(5);
    assertThat(stats.getTraitsLearned()).isEqualTo(2);
    assertThat(stats.getReconnectsRefused()).isEqualTo(1);
    assertThat(stats.getMaps(0).getCapacity()).isEqualTo(65_536);
  }

  @Test
  void watchStats_cancelled_readingStops() {
    var context = io.grpc.Context.current().withCancellation();
    context.run(
        () -> {
          Iterator<GetStatsResponse> answers =
              stub.watchStats(
                  WatchStatsRequest.newBuilder().setInterval(duration(100_000_000)).build());
          assertThat(answers.next().getTotals().getSpills()).isEqualTo(7);
          node.setStats(Samples.stats(2));
          Await.until("a later answer", () -> answers.next().getTotals().getSpills() == 14);
        });
    context.cancel(null);

    Await.untilStable("reads of the statistics", node::statsReads);
  }

  @Test
  void listConnections_filters_onlyWhatMatches() {
    assertThat(cookies(ListConnectionsRequest.getDefaultInstance())).containsExactly(7L, 8L, 9L);
    assertThat(cookies(ListConnectionsRequest.newBuilder().setPort(40_000).build()))
        .containsExactly(7L, 8L);
    assertThat(cookies(ListConnectionsRequest.newBuilder().setLimit(1).build()))
        .containsExactly(7L);
    assertThat(
            cookies(
                ListConnectionsRequest.newBuilder()
                    .addReasons(dev.shunt.v1.Reason.REASON_TOO_YOUNG)
                    .addSteps(dev.shunt.v1.Step.STEP_PAIRED)
                    .setAddress("127.0.0.1")
                    .setNamespace("host")
                    .setEndpoint("web")
                    .build()))
        .containsExactly(9L);
  }

  @Test
  void explainConnection_oneMatch_stepsAndPeer() {
    ExplainConnectionResponse answer = explain("127.0.0.1:40000");

    assertThat(answer.getConnection().getCookie()).isEqualTo(7);
    assertThat(answer.getPeer().getCookie()).isEqualTo(8);
    assertThat(answer.getStepsList()).hasSize(5).allMatch(s -> s.getReached());
    assertThat(answer.getSummary()).startsWith("Accelerated");
  }

  @Test
  void explainConnection_noneOrSeveral_statusSaysWhich() {
    assertThat(failure(() -> explain("127.0.0.1:1")).getCode()).isEqualTo(Status.Code.NOT_FOUND);
    Status several = failure(() -> explain("127.0.0.1:80"));
    assertThat(several.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(several.getDescription())
        .contains("8 (127.0.0.1:80->127.0.0.1:40000 in host)")
        .contains("9 (127.0.0.1:80->127.0.0.1:40001 in host)");
  }

  @Test
  void setMode_offThenPolicy_overrideAndModeFollow() {
    SetModeResponse off = setMode(Mode.MODE_OFF);
    assertThat(off.getMode()).isEqualTo(Mode.MODE_OFF);
    assertThat(off.getModeOverride()).isEqualTo(Mode.MODE_OFF);

    SetModeResponse policy = setMode(Mode.MODE_POLICY);
    assertThat(policy.getMode()).isEqualTo(Mode.MODE_ACCELERATE);
    assertThat(policy.getModeOverride()).isEqualTo(Mode.MODE_POLICY);
  }

  @Test
  void runSelfTest_notRun_notPassed() {
    assertThat(stub.runSelfTest(RunSelfTestRequest.getDefaultInstance()).getPassed()).isTrue();
    node.setSelfTest(SelfTestReport.NOT_RUN);
    assertThat(stub.runSelfTest(RunSelfTestRequest.getDefaultInstance()).getPassed()).isFalse();
  }

  @Test
  void health_readiness_followsTheNode() {
    HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(channel.channel());
    HealthCheckRequest request =
        HealthCheckRequest.newBuilder().setService("shunt.v1.Node").build();

    assertThat(health.check(request).getStatus()).isEqualTo(ServingStatus.SERVING);
    node.setReadiness(NodeStatus.State.NOT_READY, "the self-test has not run");
    assertThat(health.check(request).getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
  }

  static Stream<Arguments> badRequests() {
    return Stream.of(
        bad(
            s ->
                drain(
                    s.listConnections(ListConnectionsRequest.newBuilder().setPort(70_000).build())),
            "port: 70000 (expected: 0..65535)"),
        bad(
            s -> drain(s.listConnections(ListConnectionsRequest.newBuilder().setLimit(-1).build())),
            "limit: 4294967295 (expected: 0..2147483647)"),
        bad(
            s ->
                drain(
                    s.listConnections(ListConnectionsRequest.newBuilder().setAddress("x").build())),
            "address: 'x' (expected: an IPv4 or IPv6 address)"),
        bad(
            s ->
                drain(
                    s.listConnections(
                        ListConnectionsRequest.newBuilder().addStepsValue(9).build())),
            "steps: step: 9 (expected: 0..6)"),
        bad(
            s ->
                drain(
                    s.listConnections(
                        ListConnectionsRequest.newBuilder().addReasonsValue(32).build())),
            "reasons: reason: 32 (expected: 0..31)"),
        bad(
            s -> s.setMode(SetModeRequest.getDefaultInstance()),
            "mode: 0 (expected: 1..4: off, observe, accelerate, policy)"),
        bad(
            s -> s.explainConnection(ExplainConnectionRequest.getDefaultInstance()),
            "connection: ''"),
        bad(
            s ->
                drain(
                    s.watchStats(
                        WatchStatsRequest.newBuilder().setInterval(duration(99_999_999)).build())),
            "interval: 0.099999999 s (expected: 100ms..1h)"),
        bad(
            s -> drain(s.watchEvents(WatchEventsRequest.newBuilder().addTypesValue(0).build())),
            "types: 0 (expected: 1..11)"));
  }

  @ParameterizedTest
  @MethodSource("badRequests")
  void call_badField_invalidArgumentWithFieldAndBound(
      Consumer<NodeGrpc.NodeBlockingStub> call, String message) {
    Status status = failure(() -> call.accept(stub));

    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).startsWith(message);
  }

  private List<Long> cookies(ListConnectionsRequest request) {
    List<Long> cookies = new ArrayList<>();
    stub.listConnections(request).forEachRemaining(answer -> cookies.add(answer.getCookie()));
    return cookies;
  }

  private ExplainConnectionResponse explain(String query) {
    return stub.explainConnection(
        ExplainConnectionRequest.newBuilder().setConnection(query).build());
  }

  private SetModeResponse setMode(Mode mode) {
    return stub.setMode(SetModeRequest.newBuilder().setMode(mode).build());
  }

  private static Arguments bad(Consumer<NodeGrpc.NodeBlockingStub> call, String message) {
    return Arguments.of(call, message);
  }

  private static void drain(Iterator<?> answers) {
    answers.forEachRemaining(answer -> {});
  }

  private static Duration duration(int nanos) {
    return Duration.newBuilder().setNanos(nanos).build();
  }

  private static Status failure(Runnable call) {
    StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call::run);
    assertThat(failure).isNotNull();
    return failure.getStatus();
  }
}
