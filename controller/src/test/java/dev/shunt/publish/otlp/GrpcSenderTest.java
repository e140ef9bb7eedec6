package dev.shunt.publish.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import dev.shunt.publish.otlp.OtlpConfig.Compression;
import dev.shunt.publish.otlp.OtlpConfig.Roots;
import dev.shunt.publish.otlp.OtlpSender.Call;
import dev.shunt.publish.otlp.SendResult.Outcome;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OTLP over gRPC, to a collector of this process. */
class GrpcSenderTest {
  /** A valid {@code traceparent} that is not sampled. */
  static final String UNSAMPLED = "00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-00";

  private static final Call CALL = new Call(OtlpHeaders.NONE, Duration.ofSeconds(10));

  private static OtlpSender open(Collector collector) throws IOException {
    return open(collector, Compression.NONE);
  }

  private static OtlpSender open(Collector collector, Compression compression) throws IOException {
    return OtlpSender.open(
        new OtlpConfig(
            OtlpEndpoint.parse("--x", "grpc://127.0.0.1:" + collector.port()),
            OtlpConfig.Files.NONE,
            compression,
            Duration.ofSeconds(60),
            Roots.NONE));
  }

  private static SendResult spans(OtlpSender sender) {
    return sender.spans(ExportTraceServiceRequest.getDefaultInstance(), CALL);
  }

  private static Metadata retryInfo() {
    com.google.rpc.Status status =
        com.google.rpc.Status.newBuilder()
            .setCode(Status.Code.RESOURCE_EXHAUSTED.value())
            .addDetails(Any.pack(RetryInfo.getDefaultInstance()))
            .build();
    return Status.trailersFromThrowable(StatusProto.toStatusRuntimeException(status));
  }

  @Test
  void call_ofEachSignal_isOfAnUnsampledTrace() throws IOException {
    try (Collector collector = Collector.start(0);
        OtlpSender sender = open(collector)) {
      assertThat(spans(sender)).isEqualTo(SendResult.TAKEN);
      assertThat(sender.metrics(ExportMetricsServiceRequest.getDefaultInstance(), CALL))
          .isEqualTo(SendResult.TAKEN);

      assertThat(collector.traceParents())
          .hasSize(2)
          .doesNotHaveDuplicates()
          .allMatch(value -> value.matches(UNSAMPLED));
    }
  }

  @Test
  void exhausted_isTriedAgainOnlyWhereTheCollectorSaysSo() throws IOException {
    try (Collector collector = Collector.start(0);
        OtlpSender sender = open(collector)) {
      collector.fail(Status.RESOURCE_EXHAUSTED);
      assertThat(spans(sender).outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(spans(sender).cause()).contains("RESOURCE_EXHAUSTED/8");
      collector.fail(Status.RESOURCE_EXHAUSTED, retryInfo());
      assertThat(spans(sender).outcome()).isEqualTo(Outcome.LATER);
    }
  }

  @Test
  void call_thatIsNotAnswered_isToldFromOneThatFails() throws IOException {
    try (Collector collector = Collector.start(0);
        OtlpSender sender = open(collector)) {
      collector.hang();
      assertThat(
              sender
                  .metrics(
                      ExportMetricsServiceRequest.getDefaultInstance(),
                      new Call(OtlpHeaders.NONE, Duration.ofMillis(300)))
                  .outcome())
          .isEqualTo(Outcome.SILENT);
    }
  }

  @ParameterizedTest
  @CsvSource({"NONE, null", "GZIP, gzip"})
  void call_ofEachSignal_isCompressedAsAsked(Compression compression, String encoding)
      throws IOException {
    try (Collector collector = Collector.start(0);
        OtlpSender sender = open(collector, compression)) {
      assertThat(spans(sender)).isEqualTo(SendResult.TAKEN);
      assertThat(sender.metrics(ExportMetricsServiceRequest.getDefaultInstance(), CALL))
          .isEqualTo(SendResult.TAKEN);
      assertThat(collector.encodings()).containsExactly(encoding, encoding);
    }
  }
}
