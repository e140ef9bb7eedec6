package dev.shunt.publish.otlp;

import com.google.rpc.RetryInfo;
import dev.shunt.publish.otlp.OtlpConfig.Compression;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.netty.handler.ssl.SslContextBuilder;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** OTLP over gRPC. */
final class GrpcSender implements OtlpSender {
  private static final int ANSWER_BYTES_MAX = 64 * 1024;

  /** Those after which the same call may succeed (OTLP specification 1.7, "Failures"). */
  private static final Set<Status.Code> RETRYABLE =
      EnumSet.of(
          Status.Code.CANCELLED,
          Status.Code.ABORTED,
          Status.Code.OUT_OF_RANGE,
          Status.Code.UNAVAILABLE,
          Status.Code.DATA_LOSS,
          // a token that is not valid yet, or not any more: its file is read again
          Status.Code.UNAUTHENTICATED,
          Status.Code.PERMISSION_DENIED);

  private final ManagedChannel channel;

  private final Compression compression;

  private GrpcSender(ManagedChannel channel, Compression compression) {
    this.channel = channel;
    this.compression = compression;
  }

  static GrpcSender open(OtlpConfig config) throws IOException {
    OtlpEndpoint endpoint = config.endpoint();
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(endpoint.address(), endpoint.port())
            .maxInboundMessageSize(ANSWER_BYTES_MAX)
            .disableRetry();
    if (endpoint.transport().isTls()) {
      SslContextBuilder ssl = GrpcSslContexts.forClient();
      TlsFiles files = TlsFiles.read(config.files());
      files.trust().ifPresent(ssl::trustManager);
      files.keys().ifPresent(ssl::keyManager);
      builder.sslContext(ssl.build());
    } else {
      builder.usePlaintext();
    }
    return new GrpcSender(builder.build(), config.compression());
  }

  @Override
  public SendResult spans(ExportTraceServiceRequest request, Call call) {
    return result(
        call,
        () -> {
          ExportTracePartialSuccess part =
              prepared(TraceServiceGrpc.newBlockingStub(channel), call)
                  .export(request)
                  .getPartialSuccess();
          return SendResult.taken(
              part.getRejectedSpans(), call.headers().redact(part.getErrorMessage()));
        });
  }

  @Override
  public SendResult metrics(ExportMetricsServiceRequest request, Call call) {
    return result(
        call,
        () -> {
          ExportMetricsPartialSuccess part =
              prepared(MetricsServiceGrpc.newBlockingStub(channel), call)
                  .export(request)
                  .getPartialSuccess();
          return SendResult.taken(
              part.getRejectedDataPoints(), call.headers().redact(part.getErrorMessage()));
        });
  }

  private <S extends AbstractStub<S>> S prepared(S stub, Call call) {
    Metadata metadata = new Metadata();
    metadata.put(key(OtlpHeaders.TRACE_PARENT), OtlpSender.traceParent());
    call.headers().values().forEach((name, value) -> metadata.put(key(name), value));
    return compressed(stub)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
        .withDeadlineAfter(call.patience().toNanos(), TimeUnit.NANOSECONDS);
  }

  private <S extends AbstractStub<S>> S compressed(S stub) {
    return switch (compression) {
      case NONE -> stub;
      case GZIP -> stub.withCompression("gzip");
    };
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private static SendResult result(Call call, Supplier<SendResult> export) {
    try {
      return export.get();
    } catch (StatusRuntimeException failed) {
      Status status = failed.getStatus();
      String cause =
          "%s (%s/%d)"
              .formatted(
                  call.headers().redact(cause(status)), status.getCode(), status.getCode().value());
      if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
        return SendResult.silent(cause);
      }
      return isRetryable(failed) ? SendResult.later(cause) : SendResult.refused(cause);
    }
  }

  /**
   * What is exhausted comes back where the collector says when (the same section); a quota, or a
   * call that is too large, does not.
   */
  private static boolean isRetryable(StatusRuntimeException failed) {
    Status.Code code = failed.getStatus().getCode();
    return RETRYABLE.contains(code)
        || (code == Status.Code.RESOURCE_EXHAUSTED
            && StatusProto.fromThrowable(failed).getDetailsList().stream()
                .anyMatch(detail -> detail.is(RetryInfo.class)));
  }

  /** What the kernel said rather than what gRPC makes of it. */
  private static String cause(Status status) {
    Throwable deepest = status.getCause();
    while (deepest != null && deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String text = deepest == null ? status.getDescription() : deepest.getMessage();
    return text == null || text.isBlank() ? "the collector gives no cause" : text;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
