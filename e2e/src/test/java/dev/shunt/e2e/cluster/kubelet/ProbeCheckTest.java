package dev.shunt.e2e.cluster.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1ContainerPort;
import io.kubernetes.client.openapi.models.V1ExecAction;
import io.kubernetes.client.openapi.models.V1GRPCAction;
import io.kubernetes.client.openapi.models.V1HTTPGetAction;
import io.kubernetes.client.openapi.models.V1Probe;
import io.kubernetes.client.openapi.models.V1TCPSocketAction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Test;

/** Probes against servers on loopback. */
class ProbeCheckTest {
  private static ProbeCheck check(int namedPort) {
    return new ProbeCheck(
        SocketFactory.getDefault(),
        "127.0.0.1",
        new V1Container().addPortsItem(new V1ContainerPort().name("web").containerPort(namedPort)),
        (command, limit) -> command.equals(List.of("true")));
  }

  @Test
  void http_code_decides() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          int code = exchange.getRequestURI().getPath().equals("/good") ? 204 : 503;
          exchange.sendResponseHeaders(code, -1);
          exchange.close();
        });
    server.start();
    ProbeCheck check = check(server.getAddress().getPort());
    IntOrString named = new IntOrString("web");
    try {
      assertThat(
              check.passes(new V1Probe().httpGet(new V1HTTPGetAction().path("/good").port(named))))
          .isTrue();
      assertThat(check.passes(new V1Probe().httpGet(new V1HTTPGetAction().path("bad").port(named))))
          .isFalse();
      assertThat(
              check.passes(
                  new V1Probe().httpGet(new V1HTTPGetAction().port(new IntOrString("other")))))
          .isFalse();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void tcp_listener_decides() throws IOException {
    int port;
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = listener.getLocalPort();
      assertThat(check(1).passes(tcp(port))).isTrue();
    }
    assertThat(check(1).passes(tcp(port))).isFalse();
  }

  private static V1Probe tcp(int port) {
    return new V1Probe().tcpSocket(new V1TCPSocketAction().port(new IntOrString(port)));
  }

  @Test
  void exec_exitCode_decides() {
    assertThat(check(1).passes(new V1Probe().exec(new V1ExecAction().addCommandItem("true"))))
        .isTrue();
    assertThat(check(1).passes(new V1Probe().exec(new V1ExecAction().addCommandItem("false"))))
        .isFalse();
  }

  @Test
  void grpc_servingStatus_decides() throws IOException {
    HealthStatusManager health = new HealthStatusManager();
    health.setStatus("plane", ServingStatus.SERVING);
    health.setStatus("late", ServingStatus.NOT_SERVING);
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(health.getHealthService())
            .build()
            .start();
    try {
      assertThat(check(1).passes(grpc(server, "plane"))).isTrue();
      assertThat(check(1).passes(grpc(server, "late"))).isFalse();
      assertThat(check(1).passes(grpc(server, "unknown"))).isFalse();
    } finally {
      server.shutdownNow();
    }
  }

  private static V1Probe grpc(Server server, String service) {
    return new V1Probe()
        .timeoutSeconds(5)
        .grpc(new V1GRPCAction().port(server.getPort()).service(service));
  }
}
