package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.http.HttpExchange.Protocol;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.publish.grpc.Await;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls between a client and a server of gRPC-java. */
class GrpcTraceIT {
  private static final int CALLS = 50;

  @Test
  void calls_ofGrpcJava_haveTheirStatus() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Server server =
        NettyServerBuilder.forAddress(any)
            .addService(new HealthStatusManager().getHealthService())
            .build()
            .start();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
    try (TraceBed bed = new TraceBed(OpenTrace.Rates.DEFAULT)) {
      TraceQuery.Filter filter = new TraceQuery.Filter(server.getPort(), 0, "", "");
      CollectingSink sink = bed.read(TraceModule.HTTP, filter, Duration.ZERO);
      call(HealthGrpc.newBlockingStub(channel));
      Await.until("rows", () -> sink.all(TraceEvent.Http.class).size() == 2 * (CALLS + 1));

      assertThat(sink.all(TraceEvent.Http.class))
          .allMatch(row -> row.exchange().protocol() == Protocol.GRPC)
          .allMatch(row -> row.exchange().answer().status() == 200)
          .allMatch(row -> row.exchange().request().path().equals("/grpc.health.v1.Health/Check"));
      assertThat(statuses(sink, 0)).hasSize(2 * CALLS);
      assertThat(statuses(sink, 5)).as("not found").hasSize(2);
    } finally {
      channel.shutdownNow();
      server.shutdownNow();
    }
  }

  private static void call(HealthGrpc.HealthBlockingStub health) {
    for (int i = 0; i < CALLS; i++) {
      assertThat(health.check(HealthCheckRequest.getDefaultInstance()).isInitialized()).isTrue();
    }
    HealthCheckRequest unknown = HealthCheckRequest.newBuilder().setService("none").build();
    assertThatThrownBy(() -> health.check(unknown)).isInstanceOf(StatusRuntimeException.class);
  }

  private static List<TraceEvent.Http> statuses(CollectingSink sink, int grpc) {
    return sink.all(TraceEvent.Http.class).stream()
        .filter(row -> row.exchange().answer().grpcStatus().orElse(-1) == grpc)
        .toList();
  }
}
