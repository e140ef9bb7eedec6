package dev.shunt.cluster.identity;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.cluster.observe.PlaneMeter.Refused;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;

/**
 * Counts calls that gRPC itself ends because a message is over the limit or no protobuf: no service
 * ever sees these. Thread-safe.
 */
final class BadMessages extends ServerStreamTracer.Factory {
  private final PlaneMeter meter;

  BadMessages(PlaneMeter meter) {
    this.meter = meter;
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return new ServerStreamTracer() {
      @Override
      public void streamClosed(Status status) {
        if (isOversized(status)) {
          meter.refused(Refused.OVERSIZED);
        } else if (isNoProtobuf(status)) {
          meter.refused(Refused.MALFORMED);
        }
      }
    };
  }

  private static boolean isOversized(Status status) {
    return status.getCode() == Status.Code.RESOURCE_EXHAUSTED;
  }

  /** gRPC wraps the parser's exception as often as it has layers. */
  private static boolean isNoProtobuf(Status status) {
    for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidProtocolBufferException) {
        return true;
      }
    }
    return false;
  }
}
