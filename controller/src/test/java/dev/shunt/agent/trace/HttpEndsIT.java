package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.http.HttpExchange.Side;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.publish.grpc.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ends of connections, and what looks like one. */
class HttpEndsIT {
  private static final byte[] REQUEST =
      "GET /waits HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] RESPONSE =
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

  /** As /proc/net/tcp has it. */
  private static final String CLOSE_WAIT = "08";

  private final TraceBed bed = new TraceBed(OpenTrace.Rates.DEFAULT);

  @AfterEach
  void close() {
    bed.close();
  }

  /** Who resets the connection. */
  private enum Resets {
    SERVER,
    CLIENT
  }

  private Socket connect(ServerSocket listener) {
    return bed.netns.call(
        () -> {
          Socket socket = new Socket();
          socket.connect(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort()));
          return socket;
        });
  }

  @ParameterizedTest
  @EnumSource
  void request_whoseConnectionIsReset_isToldWithoutStatus(Resets who) throws IOException {
    CollectingSink sink = bed.read(TraceModule.HTTP);
    try (ServerSocket listener = bed.listen("127.0.0.1");
        Socket client = connect(listener);
        Socket server = listener.accept()) {
      client.getOutputStream().write(REQUEST);
      assertThat(server.getInputStream().readNBytes(REQUEST.length)).isEqualTo(REQUEST);
      Socket one = who == Resets.SERVER ? server : client;
      Socket other = one == server ? client : server;
      one.setSoLinger(true, 0);
      one.close();
      assertThatThrownBy(() -> other.getInputStream().read()).hasMessage("Connection reset");
    }

    TraceEvent.Http row =
        sink.await(TraceEvent.Http.class, told -> told.exchange().side() == Side.CLIENT);
    assertThat(row.exchange().request().path()).isEqualTo("/waits");
    assertThat(row.exchange().answer().status()).isZero();
  }

  /** The read that takes the last bytes passes the FIN behind them: no byte is missing there. */
  @Test
  void responses_readWhenTheServerHasClosed_haveTheirStatus() throws IOException {
    CollectingSink sink = bed.read(TraceModule.HTTP);
    try (ServerSocket listener = bed.listen("127.0.0.1");
        Socket client = connect(listener)) {
      try (Socket server = listener.accept()) {
        ask(client, server, REQUEST, RESPONSE);
        assertThat(client.getInputStream().readNBytes(RESPONSE.length)).isEqualTo(RESPONSE);
        ask(client, server, twice(REQUEST), twice(RESPONSE));
      }
      Await.until("the FIN", () -> hasClosed(client));
      assertThat(client.getInputStream().readAllBytes()).isEqualTo(twice(RESPONSE));
    }

    Await.until("rows", () -> sink.all(TraceEvent.Http.class).size() >= 6);
    assertThat(sink.all(TraceEvent.Http.class))
        .hasSize(6)
        .allMatch(told -> told.exchange().answer().status() == 200);
  }

  /** More of a head than is kept. No table is full. */
  @Test
  void head_thatIsTooLong_isCountedAsUnread() throws IOException {
    CollectingSink sink = bed.read(TraceModule.HTTP);
    byte[] header = ("X: " + "a".repeat(4000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    try (ServerSocket listener = bed.listen("127.0.0.1");
        Socket client = connect(listener);
        Socket server = listener.accept()) {
      client.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < 20; i++) {
        client.getOutputStream().write(header);
        server.getInputStream().readNBytes(header.length);
      }
    }
    TraceEvent.Totals totals =
        sink.await(TraceEvent.Totals.class, told -> HttpRows.missing(told) > 1);

    assertThat(totals.unread()).as("of both ends").isEqualTo(2);
    assertThat(HttpRows.missing(totals)).isEqualTo(2);
  }

  private static void ask(Socket client, Socket server, byte[] request, byte[] response)
      throws IOException {
    client.getOutputStream().write(request);
    assertThat(server.getInputStream().readNBytes(request.length)).isEqualTo(request);
    server.getOutputStream().write(response);
  }

  private static byte[] twice(byte[] message) {
    return ByteBuffer.allocate(2 * message.length).put(message).put(message).array();
  }

  /** Whether the other end has. */
  private boolean hasClosed(Socket socket) {
    String local = ":%04X".formatted(socket.getLocalPort());
    return bed.netns.call(
        () ->
            Stream.of("tcp", "tcp6")
                .flatMap(table -> lines(Path.of("/proc/thread-self/net", table)))
                .map(line -> line.strip().split("\\s+", -1))
                .anyMatch(row -> row[1].endsWith(local) && row[3].equals(CLOSE_WAIT)));
  }

  private static Stream<String> lines(Path table) {
    try {
      return Files.readAllLines(table).stream();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Test
  void receive_ofNoBytes_isNotTheEnd() throws IOException {
    CollectingSink sink = bed.read(TraceModule.HTTP);
    try (ServerSocket listener = bed.listen("127.0.0.1")) {
      listener.setSoTimeout((int) TraceBed.LIMIT.toMillis());
      String client =
          """
          import socket
          peer = socket.create_connection(("127.0.0.1", %d))
          peer.sendall(b"GET /waits HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
          peer.recvmsg(0)
          assert peer.recv(1000).endswith(b"ok")
          """
              .formatted(listener.getLocalPort());
      CompletableFuture<String> asking =
          CompletableFuture.supplyAsync(
              () -> bed.netns.call(() -> TestObjects.run(List.of("python3", "-c", client))));
      try (Socket server = listener.accept()) {
        assertThat(server.getInputStream().readNBytes(REQUEST.length)).isEqualTo(REQUEST);
        server.getOutputStream().write(RESPONSE);
        asking.join();
      }
    }

    TraceEvent.Http row =
        sink.await(TraceEvent.Http.class, told -> told.exchange().side() == Side.CLIENT);
    assertThat(row.exchange().answer().status()).isEqualTo(200);
    sink.await(TraceEvent.Http.class, told -> told.exchange().side() == Side.SERVER);
    assertThat(sink.all(TraceEvent.Http.class)).hasSize(2);
  }
}
