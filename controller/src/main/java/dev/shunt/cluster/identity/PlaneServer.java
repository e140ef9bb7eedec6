package dev.shunt.cluster.identity;

import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.v1.ClusterGrpc;
import dev.shunt.v1.IdentityGrpc;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerInterceptors;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;

/**
 * The gRPC server of the control plane: TLS 1.3, each service behind its guard. Lifecycle: serving
 * from {@link #start} until {@link #close}.
 */
public final class PlaneServer implements AutoCloseable {
  /** A report of 1,000 pods has some 100 KiB. */
  private static final int MESSAGE_BYTES_MAX = 1024 * 1024;

  private static final int METADATA_BYTES_MAX = 16 * 1024;
  private static final int CALLS_PER_CONNECTION_MAX = 16;
  private static final int IO_THREADS = 2;
  private static final int STREAM_THREADS = 2;

  /** Calls that wait for the API server. */
  private static final int REVIEW_THREADS = 8;

  private static final Duration CERTIFICATE_LIFE = Duration.ofDays(7);
  private static final Duration CERTIFICATE_AGE_MAX = Duration.ofDays(1);
  private static final long STOP_SECONDS = 2;

  private final Authority authority;
  private final List<String> names;
  private final AdvancedTlsX509KeyManager serverKey = new AdvancedTlsX509KeyManager();
  private final EventLoopGroup eventLoop =
      new MultiThreadIoEventLoopGroup(IO_THREADS, EpollIoHandler.newFactory());
  private final ExecutorService streams =
      Executors.newFixedThreadPool(STREAM_THREADS, daemons("plane-stream"));
  private final ExecutorService reviews =
      Executors.newFixedThreadPool(REVIEW_THREADS, daemons("plane-call"));
  private final Server server;
  private long certifiedNanos;

  /**
   * What is served where.
   *
   * @param listen address; port 0 takes a free one
   * @param names DNS names and addresses that callers know the server by
   * @param identity who nodes are
   */
  public record Settings(InetSocketAddress listen, List<String> names, IdentityConfig identity) {
    /** Copies the list. */
    public Settings {
      names = List.copyOf(names);
    }
  }

  /**
   * Behind the guards.
   *
   * @param distribution for nodes, by certificate
   * @param cluster for people, by token
   * @param replicas for other replicas, by certificate
   */
  public record Services(
      BindableService distribution, BindableService cluster, BindableService replicas) {}

  private PlaneServer(
      Settings settings, Services services, Authority authority, Reviews judge, PlaneMeter meter)
      throws IOException {
    this.authority = authority;
    this.names = settings.names();
    renewCertificate();
    Tokens tokens = new Tokens(judge, settings.identity().audience(), meter);
    IdentityService identity = new IdentityService(authority, tokens, settings.identity(), meter);
    this.server =
        NettyServerBuilder.forAddress(settings.listen())
            .channelType(EpollServerSocketChannel.class)
            .bossEventLoopGroup(eventLoop)
            .workerEventLoopGroup(eventLoop)
            .sslContext(sslContext(meter))
            .executor(reviews)
            .callExecutor(this::executor)
            .maxInboundMessageSize(MESSAGE_BYTES_MAX)
            .maxInboundMetadataSize(METADATA_BYTES_MAX)
            .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
            .permitKeepAliveTime(10, TimeUnit.SECONDS)
            .keepAliveTime(60, TimeUnit.SECONDS)
            .keepAliveTimeout(20, TimeUnit.SECONDS)
            .addStreamTracerFactory(new BadMessages(meter))
            .addService(ServerInterceptors.intercept(services.distribution(), new NodeGuard(meter)))
            .addService(ServerInterceptors.intercept(services.replicas(), new ReplicaGuard(meter)))
            .addService(ServerInterceptors.intercept(identity, tokens))
            .addService(
                ServerInterceptors.interceptForward(
                    services.cluster(), tokens, new CallerGuard(tokens, judge)))
            .build();
  }

  /**
   * Starts serving.
   *
   * @throws IOException with one sentence for the user when the address cannot be bound
   */
  public static PlaneServer start(
      Settings settings, Services services, Authority authority, Reviews judge, PlaneMeter meter)
      throws IOException {
    PlaneServer made = new PlaneServer(settings, services, authority, judge, meter);
    try {
      made.server.start();
      return made;
    } catch (IOException e) {
      made.close();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException("listen on " + settings.listen() + " failed: " + cause.getMessage(), e);
    }
  }

  /**
   * A channel to another replica, as one of them; it connects when it is used.
   *
   * @throws IOException TLS cannot be set up
   */
  public ManagedChannel connect(String host, int otherPort) throws IOException {
    Authority.Credentials self = authority.replica(CERTIFICATE_LIFE);
    return NettyChannelBuilder.forAddress(host, otherPort)
        .overrideAuthority(names.get(0)) // replicas are called by address, known by the service
        .maxInboundMessageSize(MESSAGE_BYTES_MAX)
        .keepAliveTime(30, TimeUnit.SECONDS)
        .sslContext(
            GrpcSslContexts.forClient()
                .trustManager(authority.certificate())
                .keyManager(self.key(), self.certificate())
                .protocols("TLSv1.3")
                .build())
        .build();
  }

  /** The port in use. */
  public int port() {
    return server.getPort();
  }

  /** Gives new connections a new certificate once the present one is a day old. */
  public void renewIfDue() {
    if (System.nanoTime() - certifiedNanos > CERTIFICATE_AGE_MAX.toNanos()) {
      renewCertificate();
    }
  }

  private void renewCertificate() {
    Authority.Credentials made = authority.serve(names, CERTIFICATE_LIFE);
    serverKey.updateIdentityCredentials(new X509Certificate[] {made.certificate()}, made.key());
    certifiedNanos = System.nanoTime();
  }

  private SslContext sslContext(PlaneMeter meter) throws SSLException {
    return GrpcSslContexts.configure(SslContextBuilder.forServer(serverKey))
        .trustManager(new ClientTrust(authority.certificate(), meter))
        .clientAuth(ClientAuth.OPTIONAL) // Identity and Cluster are called with a token
        .protocols("TLSv1.3")
        .build();
  }

  /** Streams must not wait behind calls that wait for the API server. */
  private <Q, A> ExecutorService executor(ServerCall<Q, A> call, Metadata headers) {
    String service = String.valueOf(call.getMethodDescriptor().getServiceName());
    boolean waits =
        service.equals(IdentityGrpc.SERVICE_NAME) || service.equals(ClusterGrpc.SERVICE_NAME);
    return waits ? reviews : streams;
  }

  private static ThreadFactory daemons(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  @Override
  public void close() {
    server.shutdown();
    try {
      if (!server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow();
        server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    streams.shutdown();
    reviews.shutdown();
    eventLoop.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
