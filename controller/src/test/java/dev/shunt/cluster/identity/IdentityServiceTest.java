package dev.shunt.cluster.identity;

import static dev.shunt.publish.grpc.Await.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.protobuf.ByteString;
import dev.shunt.cluster.PlaneBed;
import dev.shunt.cluster.observe.PlaneMeter.Refused;
import dev.shunt.v1.CertifyRequest;
import dev.shunt.v1.CertifyResponse;
import dev.shunt.v1.IdentityGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A token becomes a certificate, or is refused, counted, and not given away in logs. */
class IdentityServiceTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private Path directory;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger("dev.shunt");
  private PlaneBed bed;
  private Caller caller;

  @BeforeEach
  void start() throws Exception {
    log.start();
    root.addAppender(log);
    root.setLevel(Level.DEBUG);
    bed = new PlaneBed(directory);
    caller = new Caller(bed);
  }

  @AfterEach
  void stop() {
    caller.close();
    bed.close();
    root.detachAppender(log);
    root.setLevel(null);
  }

  private void assertRefused(StatusRuntimeException failure, Status.Code code, Refused reason) {
    assertThat(failure.getStatus().getCode()).isEqualTo(code);
    until("counted", () -> bed.meter().refusedCalls(reason) == 1);
  }

  private StatusRuntimeException certifyFails(String token, String nodeName, byte[] csr) {
    return catchThrowableOfType(StatusRuntimeException.class, () -> certify(token, nodeName, csr));
  }

  private CertifyResponse certify(String token, String nodeName, byte[] csr) throws Exception {
    return IdentityGrpc.newBlockingStub(caller.channel())
        .withInterceptors(Caller.bearer(token))
        .certify(
            CertifyRequest.newBuilder()
                .setNodeName(nodeName)
                .setCsr(ByteString.copyFrom(csr))
                .build());
  }

  @Test
  void certify_tokenOfThatNode_boundToItsName() throws Exception {
    CertifyResponse answer = certify("node:n1", "n1", Caller.csr());

    assertThat(NodeName.of(Caller.certificate(answer))).contains("n1");
    assertThat(Instant.ofEpochSecond(answer.getNotAfter().getSeconds()))
        .isBetween(Instant.now().plus(HOUR.dividedBy(2)), Instant.now().plus(HOUR));
  }

  @Test
  void certify_noToken_refused() throws Exception {
    assertRefused(
        certifyFails("", "n1", Caller.csr()), Status.Code.UNAUTHENTICATED, Refused.UNAUTHENTICATED);
  }

  @Test
  void certify_wrongToken_refusedAndNotLogged() throws Exception {
    StatusRuntimeException failure = certifyFails("secret-4711", "n1", Caller.csr());

    assertRefused(failure, Status.Code.UNAUTHENTICATED, Refused.UNAUTHENTICATED);
    assertThat(failure.getStatus().toString()).doesNotContain("4711");
    assertThat(log.list).isNotEmpty();
    assertThat(log.list).noneMatch(line -> line.getFormattedMessage().contains("4711"));
  }

  @Test
  void certify_expiredToken_refused() throws Exception {
    assertRefused(
        certifyFails("expired:n1", "n1", Caller.csr()),
        Status.Code.UNAUTHENTICATED,
        Refused.EXPIRED);
  }

  @Test
  void certify_tokenForAnotherAudience_refused() throws Exception {
    assertRefused(
        certifyFails("elsewhere:n1", "n1", Caller.csr()),
        Status.Code.UNAUTHENTICATED,
        Refused.WRONG_AUDIENCE);
  }

  @Test
  void certify_otherServiceAccount_refused() throws Exception {
    assertRefused(
        certifyFails("user:system:serviceaccount:shunt:default", "n1", Caller.csr()),
        Status.Code.PERMISSION_DENIED,
        Refused.FORBIDDEN);
  }

  @Test
  void certify_forAnotherNode_refused() throws Exception {
    assertRefused(
        certifyFails("node:n1", "n2", Caller.csr()),
        Status.Code.PERMISSION_DENIED,
        Refused.WRONG_NODE);
  }

  @Test
  void certify_tokenBoundToNoPod_refused() throws Exception {
    assertRefused(
        certifyFails("unbound:", "n1", Caller.csr()),
        Status.Code.PERMISSION_DENIED,
        Refused.WRONG_NODE);
  }

  @Test
  void certify_noRequest_refused() {
    assertRefused(
        certifyFails("node:n1", "n1", new byte[] {1, 2, 3}),
        Status.Code.INVALID_ARGUMENT,
        Refused.MALFORMED);
  }

  @Test
  void certify_apiServerSilent_triedLater() throws Exception {
    assertRefused(
        certifyFails("silent:", "n1", Caller.csr()), Status.Code.UNAVAILABLE, Refused.UNAVAILABLE);
  }
}
