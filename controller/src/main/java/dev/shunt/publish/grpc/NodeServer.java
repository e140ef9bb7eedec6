package dev.shunt.publish.grpc;

import dev.shunt.observe.NodeView;
import dev.shunt.publish.grpc.NodeServerConfig.TapAccess;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * Serves the node API on a unix socket and, when configured, on a TLS port; with gRPC health and
 * reflection.
 *
 * <p>Threads: start and close from the thread that wires the process. Lifecycle: serving from
 * {@link #start} until {@link #close}, which ends running calls, removes the socket file and stops
 * all threads. The view must outlive it.
 */
public final class NodeServer implements AutoCloseable {
  private static final int REQUEST_BYTES_MAX = 64 * 1024;
  private static final int CALLS_PER_CONNECTION_MAX = 64;
  private static final long STOP_SECONDS = 2;

  private final SocketFile socketFile;
  private final CallThreads threads = new CallThreads();
  private final EventLoopGroup eventLoop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final List<Server> servers = new ArrayList<>();
  private boolean closed;

  private NodeServer(SocketFile socketFile) {
    this.socketFile = socketFile;
  }

  /**
   * Starts serving.
   *
   * @throws IOException with one sentence for the user when a socket cannot be bound or a TLS file
   *     cannot be read; nothing is left behind then
   */
  public static NodeServer start(NodeView view, NodeServerConfig config) throws IOException {
    NodeServer server = new NodeServer(SocketFile.claim(config.socket()));
    try {
      server.serveSocket(view);
      if (config.tls().isPresent()) {
        server.serveTls(view, config.tls().get());
      }
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** The TLS port in use; empty without TLS. */
  public OptionalInt tlsPort() {
    return servers.size() < 2 ? OptionalInt.empty() : OptionalInt.of(servers.get(1).getPort());
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return; // The socket's place may belong to another process by now.
    }
    closed = true;
    servers.forEach(Server::shutdownNow);
    for (Server server : servers) {
      awaitStop(server);
    }
    threads.close();
    eventLoop.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    socketFile.close();
  }

  private void serveSocket(NodeView view) throws IOException {
    DomainSocketAddress address = new DomainSocketAddress(socketFile.bindPath().toFile());
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address).channelType(EpollServerDomainSocketChannel.class);
    servers.add(build(builder, view, TapAccess.ALLOWED).start());
    socketFile.publish();
  }

  private void serveTls(NodeView view, NodeServerConfig.Tls tls) throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(tls.address())
            .channelType(EpollServerSocketChannel.class)
            .sslContext(sslContext(tls));
    try {
      servers.add(build(builder, view, tls.taps()).start());
    } catch (IOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "listen on " + tls.address() + " failed: " + cause.getMessage() + "; choose --tls-port",
          e);
    }
  }

  private Server build(NettyServerBuilder builder, NodeView view, TapAccess taps) {
    ServerBuilder<?> complete =
        builder
            .bossEventLoopGroup(eventLoop)
            .workerEventLoopGroup(eventLoop)
            .executor(threads.calls())
            .maxInboundMessageSize(REQUEST_BYTES_MAX)
            .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
            .addService(new NodeService(view, threads))
            .addService(new TapService(view, taps))
            .addService(new TraceService(view))
            .addService(new FiltersService(view.filters(), threads))
            .addService(new HealthService(view))
            .addService(ProtoReflectionServiceV1.newInstance());
    return complete.build();
  }

  private static SslContext sslContext(NodeServerConfig.Tls tls) throws IOException {
    try {
      return GrpcSslContexts.forServer(tls.certificate().toFile(), tls.key().toFile())
          .trustManager(tls.clientCa().toFile())
          .clientAuth(ClientAuth.REQUIRE)
          .protocols("TLSv1.3")
          .build();
    } catch (IllegalArgumentException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "read TLS files %s, %s, %s failed: %s"
              .formatted(tls.certificate(), tls.key(), tls.clientCa(), cause.getMessage()),
          e);
    }
  }

  private static void awaitStop(Server server) {
    try {
      server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
