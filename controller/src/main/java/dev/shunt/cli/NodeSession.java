package dev.shunt.cli;

import dev.shunt.v1.FiltersGrpc;
import dev.shunt.v1.NodeGrpc;
import dev.shunt.v1.TapGrpc;
import dev.shunt.v1.TraceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A connection to a node's gRPC API for the time of one command. The only class of the command line
 * that opens channels. Lifecycle: {@link #run} opens and closes it.
 */
final class NodeSession implements AutoCloseable {
  /** A local call takes milliseconds; more means that the node hangs. */
  private static final long CALL_SECONDS = 10;

  private static final int MESSAGE_BYTES_MAX = 64 * 1024 * 1024;
  private static final Logger GRPC_LOG = Logger.getLogger("io.grpc");
  private static final Logger NETTY_LOG = Logger.getLogger("io.netty");

  private final NodeTarget target;
  private final EventLoopGroup eventLoop;
  private final ManagedChannel channel;

  private NodeSession(NodeTarget target) {
    this.target = target;
    eventLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    channel = open();
  }

  /**
   * Runs a task against a node.
   *
   * @return the exit code of the task
   * @throws CommandException when the node does not answer, or refuses the call
   */
  static int run(NodeTarget target, NodeTask task) {
    prepareLibraries();
    if (target.remote().isEmpty()) {
      probe(target.socket());
    }
    try (NodeSession session = new NodeSession(target)) {
      return task.run(session);
    } catch (StatusRuntimeException e) {
      throw failure(target, e);
    }
  }

  /** For calls that answer once. */
  NodeGrpc.NodeBlockingStub node() {
    return stream().withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
  }

  /** For calls that take or last as long as they need. */
  NodeGrpc.NodeBlockingStub stream() {
    return NodeGrpc.newBlockingStub(channel);
  }

  /** For what lasts as long as its caller wants. */
  TapGrpc.TapBlockingStub tap() {
    return TapGrpc.newBlockingStub(channel);
  }

  /** For traces: they last as long as their caller wants. */
  TraceGrpc.TraceBlockingStub trace() {
    return TraceGrpc.newBlockingStub(channel);
  }

  /** For calls about filters that answer once. */
  FiltersGrpc.FiltersBlockingStub filters() {
    return filterStream().withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
  }

  /** For calls about filters that last as long as they need. */
  FiltersGrpc.FiltersBlockingStub filterStream() {
    return FiltersGrpc.newBlockingStub(channel);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    var unused = eventLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS); // Daemons; not waited for.
  }

  private ManagedChannel open() {
    NettyChannelBuilder builder =
        target
            .remote()
            .map(this::tls)
            .orElseGet(
                () ->
                    NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(target.socket()))
                        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                        .overrideAuthority("localhost")
                        .usePlaintext());
    return builder
        .eventLoopGroup(eventLoop)
        .directExecutor()
        .maxInboundMessageSize(MESSAGE_BYTES_MAX)
        .build();
  }

  private NettyChannelBuilder tls(NodeTarget.Remote remote) {
    try {
      return NettyChannelBuilder.forAddress(remote.host(), remote.port())
          .channelType(NioSocketChannel.class)
          .sslContext(
              GrpcSslContexts.forClient()
                  .trustManager(remote.ca().toFile())
                  .keyManager(remote.certificate().toFile(), remote.key().toFile())
                  .protocols("TLSv1.3")
                  .build());
    } catch (IOException | IllegalArgumentException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new CannotRunException(
          "read TLS files %s, %s, %s failed: %s"
              .formatted(remote.ca(), remote.certificate(), remote.key(), cause.getMessage()),
          e);
    }
  }

  /** Tries the socket by hand: gRPC would hide the errno. */
  private static void probe(Path socket) {
    if (!Files.exists(socket)) {
      throw unreachable(socket.toString(), "no such file (ENOENT/2)");
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException | IllegalArgumentException e) {
      throw unreachable(socket.toString(), cause(String.valueOf(e.getMessage())));
    }
  }

  private static String cause(String message) {
    return switch (message) {
      case "Connection refused" -> "connection refused (ECONNREFUSED/111)";
      case "Permission denied" -> "permission denied (EACCES/13); run as root";
      default -> message;
    };
  }

  private static CommandException unreachable(String target, String cause) {
    return new CannotRunException(
        "connect to node at %s failed: %s; is 'shunt node' running?".formatted(target, cause));
  }

  private static CommandException stopped(NodeTarget target, Exception e) {
    return new CannotRunException("read from node at %s failed: it stopped".formatted(target), e);
  }

  private static CommandException failure(NodeTarget target, StatusRuntimeException e) {
    Status status = e.getStatus();
    String text = status.getDescription() == null ? status.toString() : status.getDescription();
    return switch (status.getCode()) {
      case INVALID_ARGUMENT -> new CommandException(ExitCode.USAGE, text, e);
      case NOT_FOUND, FAILED_PRECONDITION -> new CommandException(ExitCode.NEGATIVE, text, e);
      case DEADLINE_EXCEEDED ->
          new CannotRunException(
              "ask node at %s failed: no answer within %d s (ETIMEDOUT/110); see its log"
                  .formatted(target, CALL_SECONDS),
              e);
      // HTTP/2's farewell: the node was there and stops (RFC 9113, section 6.8).
      case UNAVAILABLE ->
          text.contains("GOAWAY")
              ? stopped(target, e)
              : unreachable(target.toString(), firstCause(e, text));
      // Nobody here cancels a call: the server did, on its way out.
      case CANCELLED -> stopped(target, e);
      default -> new CannotRunException("ask node at %s failed: %s".formatted(target, text), e);
    };
  }

  /** The innermost message, which names the errno or the TLS fault. */
  static String firstCause(Throwable e, String otherwise) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    boolean named = cause != e && cause.getMessage() != null;
    return (named ? String.valueOf(cause.getMessage()) : otherwise).lines().findFirst().orElse("");
  }

  /**
   * Before the first use of Netty: logs go through java.util.logging, as Logback would cost every
   * start 0.1 s, and Netty's flight recorder events, another 0.06 s, are off.
   */
  static void prepareLibraries() {
    System.setProperty("io.netty.jfr.enabled", "false");
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    GRPC_LOG.setLevel(Level.OFF);
    NETTY_LOG.setLevel(Level.OFF);
  }
}
