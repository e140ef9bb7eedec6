package dev.shunt.cli;

import dev.shunt.v1.Connection;
import dev.shunt.v1.Endpoint;
import dev.shunt.v1.EndpointStats;
import dev.shunt.v1.ExplainConnectionRequest;
import dev.shunt.v1.ExplainConnectionResponse;
import dev.shunt.v1.ExplainStep;
import dev.shunt.v1.GetStatsRequest;
import dev.shunt.v1.GetStatsResponse;
import dev.shunt.v1.GetStatusRequest;
import dev.shunt.v1.GetStatusResponse;
import dev.shunt.v1.Hook;
import dev.shunt.v1.ListConnectionsRequest;
import dev.shunt.v1.MapFill;
import dev.shunt.v1.Namespace;
import dev.shunt.v1.NodeGrpc;
import dev.shunt.v1.ReasonCount;
import dev.shunt.v1.RunSelfTestResponse;
import dev.shunt.v1.SelfTestCheck;
import dev.shunt.v1.Totals;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Commands against a stand-in that answers one row of everything, in a directory of its own. */
final class Rehearsal {
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("status"),
          List.of("status", "-o", "json"),
          List.of("stats"),
          List.of("stats", "-o", "json"),
          List.of("connections"),
          List.of("explain", "1"),
          List.of("mode"));

  private Rehearsal() {}

  static void run() throws IOException {
    NodeSession.prepareLibraries();
    Path directory = Files.createTempDirectory("shunt-rehearsal");
    Path socket = directory.resolve("s");
    EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    Server server =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(eventLoop)
            .workerEventLoopGroup(eventLoop)
            .directExecutor()
            .addService(new StandIn())
            .build();
    try {
      server.start();
      COMMANDS.forEach(command -> execute(command, socket));
    } finally {
      server.shutdownNow();
      eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
      Files.deleteIfExists(socket);
      Files.delete(directory);
    }
  }

  private static void execute(List<String> command, Path socket) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    String[] arguments = command.toArray(new String[command.size() + 2]);
    arguments[command.size()] = "--socket";
    arguments[command.size() + 1] = socket.toString();
    ShuntCommand.commandLine().setOut(nowhere).setErr(nowhere).execute(arguments);
  }

  /** One row of everything, so that every renderer runs. */
  private static final class StandIn extends NodeGrpc.NodeImplBase {
    private static final Totals TOTALS =
        Totals.newBuilder().addReasons(ReasonCount.newBuilder().setReasonValue(1)).build();

    @Override
    public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> caller) {
      caller.onNext(
          GetStatusResponse.newBuilder()
              .setReady(true)
              .addHooks(Hook.newBuilder().setRunCount(1))
              .addNamespaces(Namespace.newBuilder())
              .addEndpoints(Endpoint.newBuilder())
              .setSelfTest(RunSelfTestResponse.newBuilder().addChecks(SelfTestCheck.newBuilder()))
              .build());
      caller.onCompleted();
    }

    @Override
    public void getStats(GetStatsRequest request, StreamObserver<GetStatsResponse> caller) {
      caller.onNext(
          GetStatsResponse.newBuilder()
              .setTotals(TOTALS)
              .addMaps(MapFill.newBuilder().setCapacity(1))
              .addEndpoints(EndpointStats.newBuilder().setTotals(TOTALS))
              .build());
      caller.onCompleted();
    }

    @Override
    public void listConnections(ListConnectionsRequest request, StreamObserver<Connection> caller) {
      caller.onNext(Connection.getDefaultInstance());
      caller.onCompleted();
    }

    @Override
    public void explainConnection(
        ExplainConnectionRequest request, StreamObserver<ExplainConnectionResponse> caller) {
      caller.onNext(
          ExplainConnectionResponse.newBuilder().addSteps(ExplainStep.newBuilder()).build());
      caller.onCompleted();
    }
  }
}
