package dev.shunt.publish.grpc;

import dev.shunt.observe.NodeView;
import dev.shunt.v1.NodeGrpc;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;

/**
 * gRPC health over the node's readiness, read when asked, so that it can never be stale. {@code
 * Watch} is left unimplemented: callers fall back to {@code Check}, as the health protocol says.
 */
final class HealthService extends HealthGrpc.HealthImplBase {
  private final NodeView view;

  HealthService(NodeView view) {
    this.view = view;
  }

  @Override
  public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> caller) {
    Answers.unary(
        caller,
        () -> {
          String service = request.getService();
          if (!service.isEmpty() && !service.equals(NodeGrpc.SERVICE_NAME)) {
            throw Status.NOT_FOUND
                .withDescription(
                    "service: " + service + " (expected: " + NodeGrpc.SERVICE_NAME + ")")
                .asRuntimeException();
          }
          boolean ready = view.status().readiness().ready();
          return HealthCheckResponse.newBuilder()
              .setStatus(ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING)
              .build();
        });
  }
}
