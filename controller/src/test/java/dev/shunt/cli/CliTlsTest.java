package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.shunt.observe.InMemoryNode;
import dev.shunt.publish.grpc.NodeServer;
import dev.shunt.publish.grpc.NodeServerConfig;
import dev.shunt.publish.grpc.SelfSigned;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The TLS port: served with a certificate, and to callers with the right certificate only. */
class CliTlsTest {
  /**
   * PEM files of the node, of a caller it knows and of one it does not, made by the JDK's keytool.
   */
  @TempDir private static Path files;

  @TempDir private Path directory;

  @BeforeAll
  static void makeCertificates() throws Exception {
    for (String name : new String[] {"node", "known", "stranger"}) {
      SelfSigned.make(files, name);
    }
  }

  @Test
  void status_knownCaller_answered() throws Exception {
    try (NodeServer server = start("node.crt")) {
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();

      assertThat(status(server, "known", out, err)).as(err.toString()).isZero();
      assertThat(out.toString()).startsWith("node       ready\n");
    }
  }

  @Test
  void status_stranger_refusedWithOneLine() throws Exception {
    try (NodeServer server = start("node.crt")) {
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();

      assertThat(status(server, "stranger", out, err)).isEqualTo(ExitCode.CANNOT_RUN);
      assertThat(out.toString()).isEmpty();
      assertThat(err.toString().lines()).hasSize(1);
      assertThat(err.toString()).startsWith("shunt: connect to node at localhost:");
    }
  }

  @Test
  void tap_knownCallerOfAPortWithoutTaps_refused() throws Exception {
    try (NodeServer server = start("node.crt")) {
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();

      assertThat(ask(server, "tap", "known", out, err)).isEqualTo(ExitCode.CANNOT_RUN);
      assertThat(out.toString()).isEmpty();
      assertThat(err.toString()).contains("payload is not shown on this port");
    }
  }

  @Test
  void start_certificateFileMissing_refusedAndSocketFreed() throws Exception {
    assertThatIOException()
        .isThrownBy(() -> start("missing.crt"))
        .withMessageStartingWith("read TLS files ")
        .withMessageContaining("missing.crt");
    try (NodeServer server = start("node.crt")) {
      assertThat(server.tlsPort()).isPresent();
    }
  }

  private NodeServer start(String certificate) throws Exception {
    return NodeServer.start(
        new InMemoryNode(),
        new NodeServerConfig(
            directory.resolve("node.sock"),
            Optional.of(
                new NodeServerConfig.Tls(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    files.resolve(certificate),
                    files.resolve("node.key"),
                    files.resolve("known.crt"),
                    NodeServerConfig.TapAccess.REFUSED))));
  }

  private static int status(NodeServer server, String caller, StringWriter out, StringWriter err) {
    return ask(server, "status", caller, out, err);
  }

  private static int ask(
      NodeServer server, String verb, String caller, StringWriter out, StringWriter err) {
    return ShuntCommand.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(
            verb,
            "--node=localhost:" + server.tlsPort().orElseThrow(),
            "--tls-ca=" + files.resolve("node.crt"),
            "--tls-cert=" + files.resolve(caller + ".crt"),
            "--tls-key=" + files.resolve(caller + ".key"));
  }
}
