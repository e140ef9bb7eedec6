package dev.shunt.e2e.scene;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
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
import java.util.function.UnaryOperator;

/**
 * The process of {@link GrpcApp}: one unary method that answers with a message of a given size,
 * whatever it was sent. Runs until it is killed.
 */
public final class GrpcAppServer {
  static final String SERVICE = "shunt.bench.Body";

  /** Path in a URL of the method that answers with the size that the server was started with. */
  static final String PATH = "/" + SERVICE + "/Get";

  /** Path of the method that answers with what it was sent. */
  public static final String ECHO_PATH = "/" + SERVICE + "/Echo";

  /** Path of the method that fails with FAILED_PRECONDITION. */
  public static final String FAIL_PATH = "/" + SERVICE + "/Fail";

  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private GrpcAppServer() {}

  /** Arguments: port, size of the reply in bytes, address to listen at. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    // without a configuration Logback would write every HTTP/2 frame
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    int bodyBytes = Integer.parseInt(arguments[1]);
    warmUp(bodyBytes);
    InetAddress address = InetAddress.getByName(arguments[2]);
    start(new InetSocketAddress(address, Integer.parseInt(arguments[0])), bodyBytes)
        .awaitTermination();
  }

  /** Calls the method on a port of its own: whoever finds the real port open meets warm code. */
  private static void warmUp(int bodyBytes) throws IOException {
    Server server = start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), bodyBytes);
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

  static Server start(InetSocketAddress address, int bodyBytes) throws IOException {
    byte[] body = new byte[bodyBytes];
    ServerServiceDefinition service =
        ServerServiceDefinition.builder(SERVICE)
            .addMethod(method(), unary(request -> body))
            .addMethod(method("Echo"), unary(request -> request))
            .addMethod(
                method("Fail"),
                ServerCalls.asyncUnaryCall(
                    (request, replies) ->
                        replies.onError(Status.FAILED_PRECONDITION.asRuntimeException())))
            .build();
    return NettyServerBuilder.forAddress(address)
        .addService(service)
        .directExecutor()
        .build()
        .start();
  }

  private static ServerCallHandler<byte[], byte[]> unary(UnaryOperator<byte[]> answer) {
    return ServerCalls.asyncUnaryCall(
        (request, replies) -> {
          replies.onNext(answer.apply(request));
          replies.onCompleted();
        });
  }

  /** The method that answers with a fixed size; messages are plain bytes. */
  static MethodDescriptor<byte[], byte[]> method() {
    return method("Get");
  }

  private static MethodDescriptor<byte[], byte[]> method(String name) {
    return MethodDescriptor.newBuilder(new Bytes(), new Bytes())
        .setType(MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
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
