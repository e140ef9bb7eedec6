package dev.shunt.publish.otlp;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

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

  /**
   * The {@code traceparent} of a call: unsampled, so that no end of it makes a span of a call that
   * brings spans. It would be one a call for ever.
   */
  static String traceParent() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    // one bit is set: ids that are zero are not valid
    return "00-%016x%016x-%016x-00"
        .formatted(random.nextLong() | 1, random.nextLong(), random.nextLong() | 1);
  }

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
