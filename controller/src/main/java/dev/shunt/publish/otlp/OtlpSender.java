package dev.shunt.publish.otlp;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.time.Duration;

/** A connection to a collector. One thread; closed by whoever opened it. */
interface OtlpSender extends AutoCloseable {
  /**
   * Opens a connection, which is made with the first call.
   *
   * @throws IOException a file cannot be read
   */
  static OtlpSender open(OtlpConfig config) throws IOException {
    return config.endpoint().transport().isGrpc()
        ? GrpcSender.open(config)
        : HttpSender.open(config);
  }

  /** Sends spans; waits no longer than this. */
  SendResult spans(ExportTraceServiceRequest request, Call call);

  /** Sends metrics; waits no longer than this. */
  SendResult metrics(ExportMetricsServiceRequest request, Call call);

  @Override
  void close();

  /**
   * How a call is made.
   *
   * @param headers that go with it
   * @param patience how long it may take
   */
  record Call(OtlpHeaders headers, Duration patience) {}
}
