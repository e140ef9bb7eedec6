package dev.shunt.publish.otlp;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A collector of this process, made of the stubs of the protocol on a real port: it stands for
 * those of others, whose own checks it does not make. Thread-safe.
 */
public final class Collector implements AutoCloseable {
  private static final Metadata.Key<String> TOKEN = key("authorization");
  private static final Metadata.Key<String> ENCODING = key("grpc-encoding");
  private static final Metadata.Key<String> TRACE_PARENT = key("traceparent");

  private final Server server;
  private final List<ExportTraceServiceRequest> traces = new CopyOnWriteArrayList<>();
  private final List<ExportMetricsServiceRequest> metrics = new CopyOnWriteArrayList<>();
  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private final List<String> encodings = new CopyOnWriteArrayList<>();
  private final List<String> callers = new CopyOnWriteArrayList<>();
  private final List<String> traceParents = new CopyOnWriteArrayList<>();
  private volatile Predicate<ExportMetricsServiceRequest> failing = request -> true;
  private volatile Metadata trailers = new Metadata();
  private volatile @Nullable Status failure;
  private volatile boolean hangs;
  private volatile boolean echoes;
  private volatile long rejected;

  private static Metadata.Key<String> key(String header) {
    return Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER);
  }

  private Collector(NettyServerBuilder builder) throws IOException {
    server =
        builder.intercept(new Tokens()).addService(new Traces()).addService(new Metrics()).build();
    server.start();
  }

  /** Starts one; port 0 takes a free one. */
  public static Collector start(int port) throws IOException {
    return new Collector(
        NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
  }

  /** Starts one with a certificate. */
  static Collector startTls(Path certificate, Path key) throws IOException {
    return new Collector(
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .useTransportSecurity(certificate.toFile(), key.toFile()));
  }

  /** Starts one that takes calls of those only whose certificates this one has signed. */
  static Collector startMutualTls(Path certificate, Path key, Path clientCa) throws IOException {
    return new Collector(
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(
                GrpcSslContexts.forServer(certificate.toFile(), key.toFile())
                    .trustManager(clientCa.toFile())
                    .clientAuth(ClientAuth.REQUIRE)
                    .build()));
  }

  public int port() {
    return server.getPort();
  }

  /** From now on every call fails so; null: it does not. */
  void fail(@Nullable Status status) {
    failure = status;
  }

  /** From now on every call fails so, and says more of it. */
  void fail(Status status, Metadata details) {
    trailers = details;
    failure = status;
  }

  /** From now on calls with this metric fail so; other calls do not. */
  void failMetric(String name, Status status) {
    failing =
        request ->
            request.getResourceMetricsList().stream()
                .flatMap(resource -> resource.getScopeMetricsList().stream())
                .flatMap(scope -> scope.getMetricsList().stream())
                .anyMatch(metric -> metric.getName().equals(name));
    failure = status;
  }

  /** From now on failures repeat the caller's token, as careless collectors do. */
  void echo() {
    echoes = true;
  }

  /** From now on so many spans of each call are rejected. */
  void reject(long spans) {
    rejected = spans;
  }

  public List<String> tokens() {
    return tokens;
  }

  /** From now on calls are not answered. */
  void hang() {
    hangs = true;
  }

  /** What each call was compressed with; "null" or "identity": it was not. */
  List<String> encodings() {
    return encodings;
  }

  /** Whose certificate each call had; of TLS with certificates of clients. */
  List<String> callers() {
    return callers;
  }

  /** Of each call. */
  List<String> traceParents() {
    return traceParents;
  }

  /** Spans so far, in the order of their calls. */
  public List<Span> spans() {
    return traces.stream()
        .flatMap(request -> request.getResourceSpansList().stream())
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  /** What the spans are of. */
  List<Resource> resources() {
    return traces.stream()
        .flatMap(request -> request.getResourceSpansList().stream())
        .map(spans -> spans.getResource())
        .toList();
  }

  /** Metrics so far. */
  public List<Metric> metrics() {
    return metrics.stream()
        .flatMap(request -> request.getResourceMetricsList().stream())
        .flatMap(resource -> resource.getScopeMetricsList().stream())
        .flatMap(scope -> scope.getMetricsList().stream())
        .toList();
  }

  /** All that came, as text. */
  public String everything() {
    return traces + "\n" + metrics;
  }

  private final class Tokens implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String token = headers.get(TOKEN);
      if (token != null) {
        tokens.add(token);
      }
      encodings.add(String.valueOf(headers.get(ENCODING)));
      caller(call).ifPresent(callers::add);
      traceParents.add(String.valueOf(headers.get(TRACE_PARENT)));
      return next.startCall(call, headers);
    }
  }

  private static Optional<String> caller(ServerCall<?, ?> call) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(session.getPeerPrincipal().getName());
    } catch (SSLPeerUnverifiedException none) {
      return Optional.empty();
    }
  }

  /** Whether the call was answered by a failure. */
  private boolean hasFailed(StreamObserver<?> answer) {
    Status status = failure;
    if (status == null) {
      return false;
    }
    String text = echoes ? "bad token: " + String.join(",", tokens) : "told to fail";
    answer.onError(status.withDescription(text).asRuntimeException(trailers));
    return true;
  }

  private final class Traces extends TraceServiceGrpc.TraceServiceImplBase {
    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> answer) {
      if (hasFailed(answer)) {
        return;
      }
      traces.add(request);
      ExportTraceServiceResponse.Builder response = ExportTraceServiceResponse.newBuilder();
      if (rejected > 0) {
        response.setPartialSuccess(
            ExportTracePartialSuccess.newBuilder()
                .setRejectedSpans(rejected)
                .setErrorMessage("too many"));
      }
      answer.onNext(response.build());
      answer.onCompleted();
    }
  }

  private final class Metrics extends MetricsServiceGrpc.MetricsServiceImplBase {
    @Override
    public void export(
        ExportMetricsServiceRequest request, StreamObserver<ExportMetricsServiceResponse> answer) {
      if (failing.test(request) && hasFailed(answer)) {
        return;
      }
      metrics.add(request);
      if (hangs) {
        return;
      }
      answer.onNext(ExportMetricsServiceResponse.getDefaultInstance());
      answer.onCompleted();
    }
  }

  @Override
  public void close() {
    server.shutdown(); // what it has taken it answers, or it would be sent again
    try {
      if (!server.awaitTermination(5, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
