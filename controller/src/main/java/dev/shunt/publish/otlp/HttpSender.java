package dev.shunt.publish.otlp;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.shunt.publish.otlp.OtlpConfig.Compression;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/** OTLP as protobuf over HTTP/1.1. */
final class HttpSender implements OtlpSender {
  private static final int ANSWER_BYTES_MAX = 64 * 1024;
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);
  private static final int HUNDRED = 100;
  private static final int SUCCESS = 2;

  /**
   * Those after which the same call may succeed (OTLP specification 1.7, "Failures"), and those of
   * a token that is not valid yet, or not any more: its file is read again.
   */
  private static final Set<Integer> RETRYABLE = Set.of(401, 403, 429, 502, 503, 504);

  private final OtlpEndpoint endpoint;
  private final HttpClient client;

  private final Compression compression;

  private HttpSender(OtlpConfig config, HttpClient client) {
    endpoint = config.endpoint();
    compression = config.compression();
    this.client = client;
  }

  static HttpSender open(OtlpConfig config) throws IOException {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_PATIENCE);
    if (config.endpoint().transport().isTls()) {
      builder.sslContext(TlsFiles.read(config.files()).context());
    }
    return new HttpSender(config, builder.build());
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
            .header(OtlpHeaders.TRACE_PARENT, OtlpSender.traceParent())
            .POST(HttpRequest.BodyPublishers.ofByteArray(body(request)));
    if (compression == Compression.GZIP) {
      builder.header("Content-Encoding", "gzip");
    }
    call.headers().values().forEach(builder::header);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(
            builder.build(),
            head -> BodySubscribers.ofByteArrayConsumer(part -> part.ifPresent(keep(body))));
    try {
      // the client's own timeout ends with the head of the answer (JDK 17)
      HttpResponse<Void> response = answer.get(call.patience().toMillis(), TimeUnit.MILLISECONDS);
      return result(response.statusCode(), body.toByteArray(), reader);
    } catch (TimeoutException stalled) {
      answer.cancel(true);
      return noAnswer(call);
    } catch (ExecutionException failed) {
      return failed.getCause() instanceof HttpTimeoutException
          ? noAnswer(call)
          : SendResult.later(call.headers().redact(cause(failed)));
    } catch (InterruptedException stopped) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      return SendResult.later("interrupted");
    }
  }

  private static SendResult noAnswer(Call call) {
    return SendResult.silent("no answer within %d ms".formatted(call.patience().toMillis()));
  }

  private byte[] body(MessageLite request) {
    return switch (compression) {
      case NONE -> request.toByteArray();
      case GZIP -> packed(request);
    };
  }

  private static byte[] packed(MessageLite request) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      request.writeTo(gzip);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible); // it is written to memory
    }
    return bytes.toByteArray();
  }

  /** No more than an answer of OTLP needs. */
  private static Consumer<byte[]> keep(ByteArrayOutputStream body) {
    return bytes -> body.write(bytes, 0, Math.min(bytes.length, ANSWER_BYTES_MAX - body.size()));
  }

  private static SendResult result(int status, byte[] body, Answer reader) {
    if (status / HUNDRED != SUCCESS) {
      String cause = "the collector answered HTTP " + status;
      return RETRYABLE.contains(status) ? SendResult.later(cause) : SendResult.refused(cause);
    }
    try {
      return reader.read(body);
    } catch (InvalidProtocolBufferException other) {
      // gateways answer in words of their own; nothing says that it was rejected
      return SendResult.TAKEN;
    }
  }

  /** The client wraps what the system said, and leaves its own messages empty. */
  private static String cause(ExecutionException failed) {
    Throwable first = Objects.requireNonNullElse(failed.getCause(), failed);
    String text = first.getClass().getSimpleName();
    for (Throwable at = first; at != null; at = at.getCause()) {
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
