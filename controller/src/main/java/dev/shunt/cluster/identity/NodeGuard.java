package dev.shunt.cluster.identity;

import dev.shunt.cluster.distribute.NodeCall;
import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.cluster.observe.PlaneMeter.Refused;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * Lets calls through whose connection has a node's certificate, which TLS has checked, and says
 * which node it is. Thread-safe; does not block.
 */
final class NodeGuard implements ServerInterceptor {
  private final PlaneMeter meter;

  NodeGuard(PlaneMeter meter) {
    this.meter = meter;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Optional<X509Certificate> certificate = PeerCertificate.of(call);
    Optional<String> node = certificate.flatMap(NodeName::of);
    if (certificate.isEmpty() || node.isEmpty()) {
      meter.refused(certificate.isEmpty() ? Refused.UNAUTHENTICATED : Refused.WRONG_NODE);
      call.close(
          Status.UNAUTHENTICATED.withDescription(
              "this call needs a certificate of a node; shunt.v1.Identity gives one"),
          new Metadata());
      return new ServerCall.Listener<>() {};
    }
    NodeCall caller = new NodeCall(node.get(), certificate.get().getNotAfter().toInstant());
    return Contexts.interceptCall(
        Context.current().withValue(NodeCall.CURRENT, caller), call, headers, next);
  }
}
