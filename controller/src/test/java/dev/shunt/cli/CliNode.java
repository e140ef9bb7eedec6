package dev.shunt.cli;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.shunt.observe.InMemoryNode;
import dev.shunt.observe.Reason;
import dev.shunt.observe.Samples;
import dev.shunt.observe.Step;
import dev.shunt.publish.grpc.NodeServer;
import dev.shunt.publish.grpc.NodeServerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A node over a real unix socket, with a fixture in place of the kernel, and commands that ask it.
 *
 * @param node the fixture
 * @param socket where it is served
 * @param server that serves it
 */
record CliNode(InMemoryNode node, Path socket, NodeServer server) implements AutoCloseable {
  /** What a command left behind. */
  record Result(int code, String out, String err) {
    /** Standard output, which must be one document and nothing after it. */
    JsonObject json() throws IOException {
      return new Gson().getAdapter(JsonElement.class).fromJson(out).getAsJsonObject();
    }
  }

  static CliNode start(Path directory) throws IOException {
    InMemoryNode node = new InMemoryNode();
    Path socket = directory.resolve("node.sock");
    NodeServer server = NodeServer.start(node, new NodeServerConfig(socket, Optional.empty()));
    node.setConnections(
        List.of(
            Samples.paired(
                Samples.connection(
                    7,
                    "127.0.0.1:40000",
                    "127.0.0.1:80",
                    Samples.progress(Step.JOINED, Reason.NONE)),
                8),
            Samples.connection(
                9,
                "[2001:db8::1]:80",
                "[2001:db8::2]:40001",
                Samples.progress(Step.PAIRED, Reason.TOO_YOUNG))));
    return new CliNode(node, socket, server);
  }

  Result run(String args) {
    return execute(args(args));
  }

  /** For words with spaces. */
  Result runWords(List<String> words) {
    List<String> all = new ArrayList<>(words);
    all.add(1, "--socket=" + socket);
    return execute(all.toArray(String[]::new));
  }

  private static Result execute(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        ShuntCommand.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(args);
    return new Result(code, out.toString(), err.toString());
  }

  /** The words of a command line, with this node's socket. */
  String[] args(String args) {
    List<String> all = new ArrayList<>();
    Collections.addAll(all, args.split(" "));
    all.add(1, "--socket=" + socket);
    return all.toArray(String[]::new);
  }

  void stopNode() throws IOException {
    server.close();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
