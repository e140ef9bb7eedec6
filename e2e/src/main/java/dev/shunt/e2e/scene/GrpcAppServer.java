package dev.shunt.e2e.scene;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The process of {@link GrpcApp}: one unary method that answers with a message of a given size,
 * whatever it was sent. Runs until it is killed.
 */
public final class GrpcAppServer {
  static final String SERVICE = "shunt.bench.Body";

  /** Path of the method in a URL. */
  static final String PATH = "/" + SERVICE + "/Get";

  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private GrpcAppServer() {}

  /** Arguments: port on 127.0.0.1, size of the reply in bytes. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    // without a configuration Logback would write every HTTP/2 frame
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    int bodyBytes = Integer.parseInt(arguments[1]);
    warmUp(bodyBytes);
    start(Integer.parseInt(arguments[0]), bodyBytes).awaitTermination();
  }

  /** Calls the method on a port of its own: whoever finds the real port open meets warm code. */
  private static void warmUp(int bodyBytes) throws IOException {
    Server server = start(0, bodyBytes);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(
                InetAddress.getLoopbackAddress().getHostAddress(), server.getPort())
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .usePlaintext()
            .build();
    long deadlineNanos = System.nanoTime() + WARM_UP_NANOS;
    while (System.nanoTime() - deadlineNanos < 0) {
      ClientCalls.blockingUnaryCall(channel, method(), CallOptions.DEFAULT, new byte[0]);
    }
    channel.shutdownNow();
    server.shutdownNow();
  }

  static Server start(int port, int bodyBytes) throws IOException {
    byte[] body = new byte[bodyBytes];
    ServerServiceDefinition service =
        ServerServiceDefinition.builder(SERVICE)
            .addMethod(
                method(),
                ServerCalls.asyncUnaryCall(
                    (request, replies) -> {
                      replies.onNext(body);
                      replies.onCompleted();
                    }))
            .build();
    return NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .addService(service)
        .directExecutor()
        .build()
        .start();
  }

  /** The method; messages are plain bytes. */
  static MethodDescriptor<byte[], byte[]> method() {
    return MethodDescriptor.newBuilder(new Bytes(), new Bytes())
        .setType(MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Get"))
        .build();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
