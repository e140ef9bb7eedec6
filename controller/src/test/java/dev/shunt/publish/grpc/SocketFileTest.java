package dev.shunt.publish.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.shunt.observe.InMemoryNode;
import dev.shunt.v1.GetStatusRequest;
import dev.shunt.v1.NodeGrpc;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketFileTest {
  @TempDir private Path directory;
  private final InMemoryNode node = new InMemoryNode();

  @Test
  void start_newDirectory_socket0660InDirectory0750() throws Exception {
    Path parent = directory.resolve("run/shunt");
    Path socket = parent.resolve("node.sock");
    try (NodeServer server = start(socket)) {
      assertThat(permissions(socket)).isEqualTo("rw-rw----");
      assertThat(permissions(parent)).isEqualTo("rwxr-x---");
      assertThat(server.tlsPort()).isEmpty();
      try (Stream<Path> files = Files.list(parent)) {
        assertThat(files.map(f -> f.getFileName().toString()))
            .containsExactlyInAnyOrder("node.sock", "node.sock.lock");
      }
    }
    try (Stream<Path> files = Files.list(parent)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void start_staleSocketOfADeadProcess_replaced() throws Exception {
    Path socket = directory.resolve("node.sock");
    leaveBehind(socket);

    try (NodeServer server = start(socket);
        UnixChannel channel = UnixChannel.open(socket)) {
      assertThat(server.tlsPort()).isEmpty();
      assertThat(
              NodeGrpc.newBlockingStub(channel.channel())
                  .getStatus(GetStatusRequest.getDefaultInstance())
                  .getReady())
          .isTrue();
    }
  }

  @Test
  void start_socketServedByALiveNode_refusedAndLeftAlone() throws Exception {
    Path socket = directory.resolve("node.sock");
    try (NodeServer server = start(socket);
        UnixChannel channel = UnixChannel.open(socket)) {
      assertThat(server.tlsPort()).isEmpty();
      assertThatIOException()
          .isThrownBy(() -> start(socket).close())
          .withMessageContaining("another node process serves it (EADDRINUSE/98)");
      assertThat(
              NodeGrpc.newBlockingStub(channel.channel())
                  .getStatus(GetStatusRequest.getDefaultInstance())
                  .getReady())
          .isTrue();
    }
  }

  @Test
  void start_foreignProcessListens_refused() throws Exception {
    Path socket = directory.resolve("node.sock");
    try (ServerSocketChannel foreign = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      foreign.bind(UnixDomainSocketAddress.of(socket));

      assertThatIOException()
          .isThrownBy(() -> start(socket))
          .withMessageContaining("another process serves it (EADDRINUSE/98)");
      assertThat(socket).exists();
    }
  }

  @Test
  void start_regularFileInTheWay_refusedAndKept() throws Exception {
    Path socket = directory.resolve("node.sock");
    Files.writeString(socket, "precious");

    assertThatIOException()
        .isThrownBy(() -> start(socket))
        .withMessageContaining("it exists and is no socket (EEXIST/17)");
    assertThat(socket).hasContent("precious");
  }

  @Test
  void start_pathLongerThanASocketAddress_refusedWithTheBound() {
    Path socket = directory.resolve("x".repeat(120));

    assertThatIOException()
        .isThrownBy(() -> start(socket))
        .withMessageContaining("path too long (ENAMETOOLONG/36)")
        .withMessageContaining("at most 107");
  }

  private NodeServer start(Path socket) throws Exception {
    return NodeServer.start(node, new NodeServerConfig(socket, Optional.empty()));
  }

  private static String permissions(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  /** A socket file that nobody listens on, as after kill -9. */
  private static void leaveBehind(Path socket) throws Exception {
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(socket));
    }
    assertThat(socket).exists();
  }
}
