package dev.shunt.e2e.cluster.kubelet;

import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1ContainerPort;
import io.kubernetes.client.openapi.models.V1GRPCAction;
import io.kubernetes.client.openapi.models.V1HTTPGetAction;
import io.kubernetes.client.openapi.models.V1HTTPHeader;
import io.kubernetes.client.openapi.models.V1Probe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.SocketFactory;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Checks that a container answers, from the node's network as a kubelet does. Any thread; blocks up
 * to the limit of a check.
 *
 * @param sockets makes sockets of the node
 * @param address of the Pod
 * @param container whose ports have names
 * @param exec runs a command in the container
 */
record ProbeCheck(SocketFactory sockets, String address, V1Container container, Exec exec) {
  /** Runs a command in a container. */
  @FunctionalInterface
  interface Exec {
    /**
     * Runs it to its end.
     *
     * @return whether it ended with 0 within the limit
     */
    boolean succeeds(List<String> command, Duration limit);
  }

  /** Whether a check of the probe passes now. */
  boolean passes(V1Probe probe) {
    Duration limit = Duration.ofSeconds(Optional.ofNullable(probe.getTimeoutSeconds()).orElse(1));
    try {
      if (probe.getExec() != null) {
        return exec.succeeds(probe.getExec().getCommand(), limit);
      }
      if (probe.getHttpGet() != null) {
        return http(probe.getHttpGet(), limit);
      }
      if (probe.getTcpSocket() != null) {
        String host = Optional.ofNullable(probe.getTcpSocket().getHost()).orElse(address);
        return tcp(host, port(probe.getTcpSocket().getPort()), limit);
      }
      return probe.getGrpc() != null && grpc(probe.getGrpc(), limit);
    } catch (IOException e) {
      return false; // what a probe is there to find out
    }
  }

  private int port(IntOrString port) throws IOException {
    if (port.isInteger()) {
      return port.getIntValue();
    }
    return Optional.ofNullable(container.getPorts()).orElse(List.of()).stream()
        .filter(each -> port.getStrValue().equals(each.getName()))
        .map(V1ContainerPort::getContainerPort)
        .findFirst()
        .orElseThrow(() -> new IOException("no port " + port.getStrValue()));
  }

  private boolean tcp(String host, int port, Duration limit) throws IOException {
    try (Socket socket = sockets.createSocket()) {
      socket.connect(new InetSocketAddress(host, port), (int) limit.toMillis());
      return true;
    }
  }

  /** Succeeds on 200 to 399 and does not look at certificates, as kubelets do. */
  boolean http(V1HTTPGetAction action, Duration limit) throws IOException {
    String scheme = "HTTPS".equals(action.getScheme()) ? "https" : "http";
    String host = Optional.ofNullable(action.getHost()).orElse(address);
    String path = Optional.ofNullable(action.getPath()).orElse("/");
    String slash = path.startsWith("/") ? "" : "/";
    Request.Builder request =
        new Request.Builder()
            .url(scheme + "://" + host + ":" + port(action.getPort()) + slash + path)
            .header("User-Agent", "kube-probe/1.34")
            .header("Connection", "close");
    for (V1HTTPHeader header : Optional.ofNullable(action.getHttpHeaders()).orElse(List.of())) {
      request.header(header.getName(), header.getValue());
    }
    OkHttpClient client = AnyCertificate.accept(client(limit)).build();
    try (Response response = client.newCall(request.build()).execute()) {
      return response.code() >= 200 && response.code() < 400;
    }
  }

  private OkHttpClient.Builder client(Duration limit) {
    return new OkHttpClient.Builder()
        .socketFactory(sockets)
        .callTimeout(limit)
        .followRedirects(false);
  }

  /** grpc.health.v1.Health/Check over HTTP/2 without TLS, by hand: one field each way. */
  private boolean grpc(V1GRPCAction action, Duration limit) throws IOException {
    byte[] service =
        Optional.ofNullable(action.getService()).orElse("").getBytes(StandardCharsets.UTF_8);
    Request request =
        new Request.Builder()
            .url("http://" + address + ":" + action.getPort() + "/grpc.health.v1.Health/Check")
            .header("TE", "trailers")
            .post(RequestBody.create(framed(service), MediaType.get("application/grpc")))
            .build();
    OkHttpClient client = client(limit).protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).build();
    try (Response response = client.newCall(request).execute()) {
      byte[] body = response.body().bytes();
      // 5 bytes of frame, then field 1 (a varint) with SERVING = 1
      return body.length == 7 && body[5] == 0x08 && body[6] == 0x01;
    } finally {
      client.connectionPool().evictAll();
    }
  }

  private static byte[] framed(byte[] service) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    if (service.length > 0) {
      message.write(0x0a); // field 1, length-delimited
      message.write(service.length);
      message.writeBytes(service);
    }
    return ByteBuffer.allocate(5 + message.size())
        .put((byte) 0)
        .putInt(message.size())
        .put(message.toByteArray())
        .array();
  }
}
