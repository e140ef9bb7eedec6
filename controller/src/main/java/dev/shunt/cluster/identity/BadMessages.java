package dev.shunt.cluster.identity;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.cluster.observe.PlaneMeter.Refused;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Counts calls that gRPC itself ends because a message is over the limit or no protobuf: no service
 * ever sees these. Thread-safe.
 */
final class BadMessages extends ServerStreamTracer.Factory {
  /**
   * Where gRPC tells of such messages: with a stack trace for each, which any caller could fill the
   * log with. Held here, as java.util.logging forgets loggers that nobody holds.
   */
  private static final List<Logger> GRPC =
      List.of(
          Logger.getLogger("io.grpc.internal.SerializingExecutor"),
          Logger.getLogger("io.grpc.netty.NettyServerStream"));

  private final PlaneMeter meter;

  BadMessages(PlaneMeter meter) {
    this.meter = meter;
    GRPC.forEach(logger -> logger.setFilter(line -> !isOfCaller(line.getThrown())));
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return new ServerStreamTracer() {
      @Override
      public void streamClosed(Status status) {
        if (isOversized(status)) {
          meter.refused(Refused.OVERSIZED);
        } else if (isNoProtobuf(status.getCause())) {
          meter.refused(Refused.MALFORMED);
        }
      }
    };
  }

  private static boolean isOfCaller(@Nullable Throwable failure) {
    return isNoProtobuf(failure)
        || (failure instanceof StatusRuntimeException refusal && isOversized(refusal.getStatus()));
  }

  private static boolean isOversized(Status status) {
    return status.getCode() == Status.Code.RESOURCE_EXHAUSTED;
  }

  /** gRPC wraps the parser's exception as often as it has layers. */
  private static boolean isNoProtobuf(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidProtocolBufferException) {
        return true;
      }
    }
    return false;
  }
}
