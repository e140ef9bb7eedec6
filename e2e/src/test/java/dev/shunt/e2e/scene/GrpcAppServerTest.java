package dev.shunt.e2e.scene;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class GrpcAppServerTest {
  @Test
  void get_emptyMessage_answersWithTheSizeAsked() throws IOException {
    Server server =
        GrpcAppServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
    try {
      byte[] reply =
          ClientCalls.blockingUnaryCall(
              channel, GrpcAppServer.method(), CallOptions.DEFAULT, new byte[0]);

      assertThat(reply).hasSize(1024);
    } finally {
      channel.shutdownNow();
      server.shutdownNow();
    }
  }
}
