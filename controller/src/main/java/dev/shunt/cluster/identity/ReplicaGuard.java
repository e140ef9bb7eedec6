package dev.shunt.cluster.identity;

import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.cluster.observe.PlaneMeter.Refused;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** Lets calls of other replicas through, by their certificate. Thread-safe; does not block. */
final class ReplicaGuard implements ServerInterceptor {
  private final PlaneMeter meter;

  ReplicaGuard(PlaneMeter meter) {
    this.meter = meter;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (PeerCertificate.of(call).filter(NodeName::isReplica).isPresent()) {
      return next.startCall(call, headers);
    }
    meter.refused(Refused.FORBIDDEN);
    call.close(
        Status.PERMISSION_DENIED.withDescription("only replicas of the control plane call this"),
        new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
