package dev.shunt.publish.otlp;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Set;

/** OTLP as protobuf over HTTP/1.1. */
final class HttpSender implements OtlpSender {
  private static final int ANSWER_BYTES_MAX = 64 * 1024;
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);
  private static final int OK = 200;

  /**
   * Those after which the same call may succeed (OTLP specification 1.7, "Failures"), and those of
   * a token that is not valid yet, or not any more: its file is read again.
   */
  private static final Set<Integer> RETRYABLE = Set.of(401, 403, 429, 502, 503, 504);

  private final OtlpEndpoint endpoint;
  private final HttpClient client;

  private HttpSender(OtlpEndpoint endpoint, HttpClient client) {
    this.endpoint = endpoint;
    this.client = client;
  }

  static HttpSender open(OtlpConfig config) throws IOException {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_PATIENCE);
    if (config.files().ca().isPresent()) {
      builder.sslContext(TrustedAuthorities.context(config.files().ca().get()));
    }
    return new HttpSender(config.endpoint(), builder.build());
  }

  @Override
  public SendResult spans(ExportTraceServiceRequest request, Call call) {
    return post(
        "/v1/traces",
        request,
        call,
        answer -> {
          ExportTracePartialSuccess part =
              ExportTraceServiceResponse.parseFrom(answer).getPartialSuccess();
          return SendResult.taken(
              part.getRejectedSpans(), call.headers().redact(part.getErrorMessage()));
        });
  }

  @Override
  public SendResult metrics(ExportMetricsServiceRequest request, Call call) {
    return post(
        "/v1/metrics",
        request,
        call,
        answer -> {
          ExportMetricsPartialSuccess part =
              ExportMetricsServiceResponse.parseFrom(answer).getPartialSuccess();
          return SendResult.taken(
              part.getRejectedDataPoints(), call.headers().redact(part.getErrorMessage()));
        });
  }

  /** Reads what was answered. */
  private interface Answer {
    SendResult read(byte[] answer) throws InvalidProtocolBufferException;
  }

  private SendResult post(String signal, MessageLite request, Call call, Answer reader) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(
                URI.create(
                    "%s://%s:%d%s%s"
                        .formatted(
                            endpoint.transport().isTls() ? "https" : "http",
                            endpoint.host(),
                            endpoint.port(),
                            endpoint.path(),
                            signal)))
            .timeout(call.patience())
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(request.toByteArray()));
    call.headers().values().forEach(builder::header);
    try {
      HttpResponse<InputStream> response =
          client.send(builder.build(), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        return result(response.statusCode(), body.readNBytes(ANSWER_BYTES_MAX), reader);
      }
    } catch (IOException failed) {
      return SendResult.later(call.headers().redact(cause(failed)));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return SendResult.later("interrupted");
    }
  }

  private static SendResult result(int status, byte[] body, Answer reader) {
    if (status != OK) {
      String cause = "the collector answered HTTP " + status;
      return RETRYABLE.contains(status) ? SendResult.later(cause) : SendResult.refused(cause);
    }
    try {
      return reader.read(body);
    } catch (InvalidProtocolBufferException other) {
      return SendResult.refused("the answer is none of OTLP");
    }
  }

  /** The client wraps what the system said, and leaves its own messages empty. */
  private static String cause(IOException failed) {
    String text = failed.getClass().getSimpleName();
    for (Throwable at = failed; at != null; at = at.getCause()) {
      if (at instanceof UnresolvedAddressException) {
        return "no such host";
      }
      if (at.getMessage() != null) {
        text = at.getMessage();
      }
    }
    return text;
  }

  /** The client ends when it is not referenced any more. */
  @Override
  public void close() {
    // nothing to do in JDK 17
  }
}
