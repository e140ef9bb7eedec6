package dev.shunt.cluster.identity;

import static dev.shunt.cluster.TestFacts.node;
import static dev.shunt.cluster.TestFacts.pod;
import static dev.shunt.publish.grpc.Await.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.shunt.cluster.PlaneBed;
import dev.shunt.cluster.observe.PlaneMeter.Refused;
import dev.shunt.v1.ClusterGrpc;
import dev.shunt.v1.ListNodesRequest;
import dev.shunt.v1.ListNodesResponse;
import dev.shunt.v1.NodeHello;
import dev.shunt.v1.NodeMessage;
import dev.shunt.v1.NodeReport;
import dev.shunt.v1.PodCounters;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every caller that should not be served is refused and counted. */
class PlaneSecurityTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private Path directory;
  private PlaneBed bed;
  private Caller caller;

  @BeforeEach
  void start() throws Exception {
    bed = new PlaneBed(directory);
    caller = new Caller(bed);
  }

  @AfterEach
  void stop() {
    caller.close();
    bed.close();
  }

  private void assertRefused(StatusRuntimeException failure, Status.Code code, Refused reason) {
    assertThat(failure.getStatus().getCode()).isEqualTo(code);
    until("counted", () -> bed.meter().refusedCalls(reason) == 1);
  }

  @Test
  void stream_withoutCertificate_refused() {
    Caller.Stream stream = caller.stream(caller.channel(), hello("n1"));

    assertThat(stream.failure().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    until("counted", () -> bed.meter().refusedCalls(Refused.UNAUTHENTICATED) == 1);
  }

  @Test
  void stream_forAnotherNode_refusedAndToldNothing() throws Exception {
    bed.core().sink().accept(node("n2", Map.of()));
    bed.core().sink().accept(pod("1", "shop", "n2", "web"));
    bed.core().sink().synced();
    Caller.Stream stream = caller.stream(caller.channel(certified("n1", HOUR)), hello("n2"));

    assertThat(stream.failure().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(stream.messages()).isEmpty();
    until("counted", () -> bed.meter().refusedCalls(Refused.WRONG_NODE) == 1);
    assertThat(bed.core().distributor().states()).isEmpty();
  }

  @Test
  void stream_expiredCertificate_refusedByTls() throws Exception {
    ManagedChannel channel = caller.channel(certified("n1", Duration.ofMinutes(-1)));
    Caller.Stream stream = caller.stream(channel, hello("n1"));

    assertThat(stream.failure().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    until("counted", () -> bed.meter().refusedCalls(Refused.EXPIRED) >= 1);
  }

  @Test
  void stream_certificateEnds_streamEnds() throws Exception {
    Caller.Stream stream = caller.stream(caller.channel(certified("n1", HOUR)), hello("n1"));
    until("connected", () -> bed.core().distributor().isConnected("n1"));

    bed.core().distributor().endExpired(Instant.now().plus(HOUR.multipliedBy(2)));

    assertThat(stream.failure().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(bed.meter().refusedCalls(Refused.EXPIRED)).isEqualTo(1);
  }

  @Test
  void stream_certificateOfAnotherAuthority_refusedByTls() throws Exception {
    KeyPair keys = Caller.keys();
    Authority stranger = Authority.create(Clock.systemUTC());
    Authority.Credentials forged =
        new Authority.Credentials(
            keys.getPrivate(), stranger.certifyNode("n1", keys.getPublic(), HOUR));
    Caller.Stream stream = caller.stream(caller.channel(forged), hello("n1"));

    assertThat(stream.failure().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    until("counted", () -> bed.meter().refusedCalls(Refused.UNAUTHENTICATED) >= 1);
  }

  @Test
  void stream_serverCertificateAsClient_refused() throws Exception {
    Authority.Credentials server = bed.authority().serve(List.of("localhost"), HOUR);
    Caller.Stream stream = caller.stream(caller.channel(server), hello("n1"));

    assertThat(stream.failure().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    until("counted", () -> bed.meter().refusedCalls(Refused.UNAUTHENTICATED) >= 1);
  }

  @Test
  void stream_oversizedMessage_refused() throws Exception {
    PodCounters large = PodCounters.newBuilder().setName("x".repeat(2 * 1024 * 1024)).build();
    Caller.Stream stream = caller.stream(caller.channel(certified("n1", HOUR)), hello("n1"));
    stream.send(NodeMessage.newBuilder().setReport(NodeReport.newBuilder().addPods(large)).build());

    assertThat(stream.failure().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    until("counted", () -> bed.meter().refusedCalls(Refused.OVERSIZED) == 1);
    until("gone", () -> !bed.core().distributor().isConnected("n1"));
  }

  @Test
  void stream_noProtobuf_refused() throws Exception {
    Status status = caller.sendBytes(caller.channel(certified("n1", HOUR)), "not a message");

    assertThat(status.isOk()).isFalse();
    until("counted", () -> bed.meter().refusedCalls(Refused.MALFORMED) == 1);
  }

  @Test
  void stream_reportBeforeHello_refused() throws Exception {
    NodeMessage report =
        NodeMessage.newBuilder().setReport(NodeReport.getDefaultInstance()).build();
    Caller.Stream stream = caller.stream(caller.channel(certified("n1", HOUR)), report);

    assertThat(stream.failure().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    until("counted", () -> bed.meter().refusedCalls(Refused.MALFORMED) == 1);
  }

  @Test
  void cluster_userWithTheRight_answered() {
    assertThat(listNodes("user:reader").getNodesCount()).isZero();
  }

  @Test
  void cluster_userWithoutTheRight_refused() {
    assertRefused(
        catchThrowableOfType(StatusRuntimeException.class, () -> listNodes("user:guest")),
        Status.Code.PERMISSION_DENIED,
        Refused.FORBIDDEN);
  }

  @Test
  void cluster_nodeCertificateWithoutToken_refused() throws Exception {
    ManagedChannel channel = caller.channel(certified("n1", HOUR));
    assertRefused(
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                ClusterGrpc.newBlockingStub(channel)
                    .listNodes(ListNodesRequest.getDefaultInstance())),
        Status.Code.UNAUTHENTICATED,
        Refused.UNAUTHENTICATED);
  }

  @Test
  void tls_olderThan13_refused() {
    StatusRuntimeException failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                ClusterGrpc.newBlockingStub(caller.channelOver("TLSv1.2"))
                    .listNodes(ListNodesRequest.getDefaultInstance()));

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }

  private ListNodesResponse listNodes(String token) {
    return ClusterGrpc.newBlockingStub(caller.channel())
        .withInterceptors(Caller.bearer(token))
        .listNodes(ListNodesRequest.getDefaultInstance());
  }

  private Authority.Credentials certified(String node, Duration life) throws Exception {
    KeyPair keys = Caller.keys();
    return new Authority.Credentials(
        keys.getPrivate(), bed.authority().certifyNode(node, keys.getPublic(), life));
  }

  private static NodeMessage hello(String node) {
    return NodeMessage.newBuilder().setHello(NodeHello.newBuilder().setNodeName(node)).build();
  }
}
