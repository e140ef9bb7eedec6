package dev.shunt.cluster.identity;

import com.google.protobuf.Timestamp;
import dev.shunt.cluster.identity.Reviews.User;
import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.cluster.observe.PlaneMeter.Refused;
import dev.shunt.v1.CertifyRequest;
import dev.shunt.v1.CertifyResponse;
import dev.shunt.v1.IdentityGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code shunt.v1.Identity}: a token for a certificate. Threads: those of calls; blocks for the API
 * server.
 */
final class IdentityService extends IdentityGrpc.IdentityImplBase {
  /** What the API server adds to the token of a pod (Kubernetes 1.32; KEP-4193). */
  static final String NODE_NAME = "authentication.kubernetes.io/node-name";

  private static final Logger LOG = LoggerFactory.getLogger(IdentityService.class);
  private static final int REQUEST_BYTES_MAX = 4096;
  private static final int CURVE_BITS = 256;

  private final Authority authority;
  private final Tokens tokens;
  private final IdentityConfig config;
  private final PlaneMeter meter;

  IdentityService(Authority authority, Tokens tokens, IdentityConfig config, PlaneMeter meter) {
    this.authority = authority;
    this.tokens = tokens;
    this.config = config;
    this.meter = meter;
  }

  @Override
  public void certify(CertifyRequest request, StreamObserver<CertifyResponse> caller) {
    try {
      String node = nodeOf(tokens.user(), request);
      X509Certificate certificate =
          authority.certifyNode(node, key(request), config.certificateLife());
      Instant end = certificate.getNotAfter().toInstant();
      caller.onNext(
          CertifyResponse.newBuilder()
              .setCertificateChain(Authority.pem(certificate) + authority.certificatePem())
              .setNotAfter(Timestamp.newBuilder().setSeconds(end.getEpochSecond()))
              .build());
      caller.onCompleted();
      meter.certificateIssued();
    } catch (StatusRuntimeException e) {
      LOG.debug("certify refused: {}", e.getStatus().getDescription());
      caller.onError(e);
    }
  }

  private String nodeOf(User user, CertifyRequest request) {
    if (!user.name().equals(config.nodeUser())) {
      throw tokens.refuse(
          Refused.FORBIDDEN,
          Status.PERMISSION_DENIED,
          "%s gets no certificate (expected: %s)".formatted(user.name(), config.nodeUser()));
    }
    List<String> nodes = user.extra().getOrDefault(NODE_NAME, List.of());
    if (nodes.size() != 1 || !NodeName.isValid(nodes.get(0))) {
      throw tokens.refuse(
          Refused.WRONG_NODE,
          Status.PERMISSION_DENIED,
          "the token is bound to no pod on a node (expected: a projected token, Kubernetes 1.32"
              + " or later)");
    }
    if (!nodes.get(0).equals(request.getNodeName())) {
      throw tokens.refuse(
          Refused.WRONG_NODE,
          Status.PERMISSION_DENIED,
          "node_name is not the node that the token's pod runs on");
    }
    return nodes.get(0);
  }

  private PublicKey key(CertifyRequest request) {
    if (request.getCsr().size() > REQUEST_BYTES_MAX) {
      throw malformed("csr: " + request.getCsr().size() + " bytes", "at most 4096");
    }
    try {
      JcaPKCS10CertificationRequest csr =
          new JcaPKCS10CertificationRequest(request.getCsr().toByteArray());
      PublicKey key = csr.getPublicKey();
      boolean signed = csr.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key));
      if (!signed
          || !(key instanceof ECPublicKey curve)
          || curve.getParams().getOrder().bitLength() != CURVE_BITS) {
        throw malformed("csr: another key or signature", "EC P-256, signed with its key");
      }
      return key;
    } catch (IOException
        | GeneralSecurityException
        | OperatorCreationException
        | PKCSException
        | IllegalArgumentException e) {
      throw malformed("csr: not readable", "PKCS#10, DER");
    }
  }

  private StatusRuntimeException malformed(String what, String expected) {
    return tokens.refuse(
        Refused.MALFORMED, Status.INVALID_ARGUMENT, what + " (expected: " + expected + ")");
  }
}
