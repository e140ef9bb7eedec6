package dev.shunt.e2e.verify.cluster;

import com.google.protobuf.ByteString;
import dev.shunt.e2e.cluster.ClusterCertificates.Pair;
import dev.shunt.e2e.cluster.NamespaceSockets;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.v1.CertifyRequest;
import dev.shunt.v1.CertifyResponse;
import dev.shunt.v1.ClusterGrpc;
import dev.shunt.v1.DistributionGrpc;
import dev.shunt.v1.IdentityGrpc;
import dev.shunt.v1.ListNodesRequest;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls one replica of the control plane from a node's namespace, as anybody could. One thread;
 * blocks for each answer. {@link #close} ends its connections.
 */
final class PlaneCaller implements AutoCloseable {
  private static final int PORT = 7443;
  private static final long ANSWER_SECONDS = 20;

  /** As the replica's certificate names it. */
  private static final String AUTHORITY = "shunt-control-plane.shunt.svc";

  private final NamespaceSockets sockets;
  private final String address;
  private final Path ca;
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  /**
   * Makes no connection yet.
   *
   * @param namespace network namespace that it calls from
   * @param address of the replica
   * @param ca what the replica's certificate is checked with
   */
  PlaneCaller(String namespace, String address, Path ca) {
    sockets = new NamespaceSockets(namespace);
    this.address = address;
    this.ca = ca;
  }

  /** A call on a channel of its own. */
  @FunctionalInterface
  private interface Call<T> {
    T on(ManagedChannel channel);
  }

  private <T> T call(Optional<Pair> identity, Call<T> call) {
    ManagedChannel channel = open(identity);
    try {
      return call.on(channel);
    } finally {
      channel.shutdownNow();
    }
  }

  private ManagedChannel open(Optional<Pair> identity) {
    try {
      SslContextBuilder ssl = GrpcSslContexts.forClient().trustManager(ca.toFile());
      identity.ifPresent(pair -> ssl.keyManager(pair.certificate().toFile(), pair.key().toFile()));
      return NettyChannelBuilder.forAddress(address, PORT)
          .overrideAuthority(AUTHORITY)
          .sslContext(ssl.build())
          .eventLoopGroup(loop)
          .channelFactory(this::socket)
          .disableRetry()
          .build();
    } catch (IOException | IllegalArgumentException e) {
      throw new SceneException("prepare a call to " + address + " failed: " + e, e);
    }
  }

  private NioSocketChannel socket() {
    try {
      return new NioSocketChannel(sockets.createSocket().getChannel());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <S extends AbstractStub<S>> S with(S stub, String token) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Asks for a node's certificate.
   *
   * @throws StatusRuntimeException when it is refused
   */
  CertifyResponse certify(String token, String node, byte[] request) {
    return call(
        Optional.empty(),
        channel ->
            with(IdentityGrpc.newBlockingStub(channel), token)
                .certify(
                    CertifyRequest.newBuilder()
                        .setNodeName(node)
                        .setCsr(ByteString.copyFrom(request))
                        .build()));
  }

  /**
   * Asks for the nodes of the cluster and returns how many there are.
   *
   * @throws StatusRuntimeException when it is refused
   */
  int nodes(String token) {
    return call(
        Optional.empty(),
        channel ->
            with(ClusterGrpc.newBlockingStub(channel), token)
                .listNodes(ListNodesRequest.getDefaultInstance())
                .getNodesCount());
  }

  /**
   * How the server ended a node's stream.
   *
   * @param status its reason
   * @param messages that it sent before
   */
  record End(Status status, int messages) {}

  /** Opens a node's stream and sends one message, whatever it is. */
  End stream(Optional<Pair> identity, byte[] first) {
    return call(identity, channel -> stream(channel, first));
  }

  private static End stream(ManagedChannel channel, byte[] first) {
    MethodDescriptor<byte[], byte[]> method =
        MethodDescriptor.newBuilder(new Bytes(), new Bytes())
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .setFullMethodName(DistributionGrpc.getStreamMethod().getFullMethodName())
            .build();
    CompletableFuture<Status> end = new CompletableFuture<>();
    AtomicInteger messages = new AtomicInteger();
    ClientCall<byte[], byte[]> call = channel.newCall(method, CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(byte[] message) {
            messages.incrementAndGet();
            call.request(1);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        new Metadata());
    call.sendMessage(first);
    call.request(1);
    Status status =
        end.completeOnTimeout(
                Status.DEADLINE_EXCEEDED.withDescription("the stream stays open"),
                ANSWER_SECONDS,
                TimeUnit.SECONDS)
            .join();
    return new End(status, messages.get());
  }

  /** Bytes as they are. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      return new byte[0];
    }
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    sockets.close();
  }
}
