package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import dev.shunt.cli.ExitCode;
import dev.shunt.cli.ShuntCommand;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.publish.grpc.Await;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code shunt trace} against a real node: what it prints, what it refuses, what it leaves. */
class TraceNodeIT {
  private static final Duration LIMIT = Duration.ofSeconds(40);

  @TempDir private Path home;

  private NodePlace place;
  private NodeProcess node;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    place = NodePlace.make(home, "trace-node-it-" + ProcessHandle.current().pid());
    node = place.start("node", "--netns", "host", "--metrics-port", "0");
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
    place.remove();
  }

  /** What a command printed. */
  private record Answer(int code, String out, String err) {}

  private Answer shunt(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new ArrayList<>(List.of(words));
    all.add(1, "--socket=" + place.socket());
    int code =
        ShuntCommand.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    return new Answer(code, out.toString(), err.toString());
  }

  private Set<Integer> modules() {
    return HeldModules.of(node.pid());
  }

  private boolean await(BooleanSupplier condition) throws InterruptedException {
    return node.await(condition, LIMIT);
  }

  private static void connect(ServerSocket server) {
    try (Socket client = new Socket()) {
      client.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()));
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  @Test
  void trace_connect_printsRowsAndLeavesTheKernelAsItWas() throws Exception {
    assertThat(modules()).as("before").isEmpty();
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(server.getLocalPort());
      CompletableFuture<Answer> documents =
          CompletableFuture.supplyAsync(
              () -> shunt("trace", "connect", "--port", port, "--duration", "3", "-o", "ndjson"));
      CompletableFuture<Answer> table =
          CompletableFuture.supplyAsync(
              () -> shunt("trace", "connect", "--port", port, "--duration", "3"));
      assertThat(await(() -> !modules().isEmpty())).as(node.err()).isTrue();
      assertThat(await(() -> node.err().split("trace connect is read", -1).length == 3)).isTrue();
      connect(server);
      assertThat(modules()).as("shared by both").hasSize(1);

      Answer answer = documents.get();
      assertThat(answer.code()).isEqualTo(ExitCode.OK);
      assertThat(answer.err()).contains("1 matched, none is missing");
      JsonObject row = JsonParser.parseString(answer.out()).getAsJsonObject();
      assertThat(row.get("outcome").getAsString()).isEqualTo("established");
      JsonObject subject = row.getAsJsonObject("socket");
      assertThat(subject.get("remote_port").getAsString()).isEqualTo(port);
      assertThat(subject.get("namespace").getAsString()).isEqualTo("host");
      assertThat(subject.get("pid").getAsLong()).isEqualTo(ProcessHandle.current().pid());
      assertThat(table.get().out())
          .startsWith("TIME ")
          .containsPattern("127.0.0.1:" + port + " .* established +host\n");
    }
    assertThat(await(() -> modules().isEmpty())).as("after").isTrue();
  }

  @Test
  void profile_withAFlameFile_isWritten() throws Exception {
    Path file = home.resolve("flame.svg");
    Answer answer =
        shunt(
            "trace",
            "profile",
            "--pid",
            Long.toString(node.pid()),
            "--duration",
            "1.5",
            "--flame",
            file.toString());

    assertThat(answer.code()).as(answer.err()).isEqualTo(ExitCode.OK);
    assertThat(Files.readString(file)).startsWith("<svg ").endsWith("</svg>\n");
    assertThat(answer.err()).contains("perf_event/cpu-clock", "wrote " + file);
  }

  /** This JVM serves, asks and collects: in the node's own namespace only its own pauses count. */
  @Test
  void http_withPauses_tellsThoseOfTheSameProcess() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/collect",
        exchange -> {
          System.gc();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    try {
      String port = Integer.toString(server.getAddress().getPort());
      String[] words = {"trace", "http", "--pauses", "--port", port, "--duration", "4"};
      CompletableFuture<Answer> documents =
          CompletableFuture.supplyAsync(
              () ->
                  shunt(
                      Stream.concat(Stream.of(words), Stream.of("-o", "ndjson"))
                          .toArray(String[]::new)));
      CompletableFuture<Answer> table = CompletableFuture.supplyAsync(() -> shunt(words));
      assertThat(await(() -> node.err().split("trace http is read", -1).length == 3)).isTrue();
      get("http://127.0.0.1:" + port + "/collect");

      Answer answer = documents.get();
      assertThat(answer.code()).as(answer.err()).isEqualTo(ExitCode.OK);
      assertThat(answer.err()).contains("JVMs that are watched: ");
      assertThat(answer.out().lines())
          .hasSize(2)
          .map(line -> JsonParser.parseString(line).getAsJsonObject())
          .allSatisfy(
              row -> {
                assertThat(row.get("pauses").getAsInt()).as("%s", row).isPositive();
                assertThat(row.get("paused_ns").getAsLong())
                    .isBetween(1L, (long) (row.get("latency").getAsDouble() * 1e9));
              });
      assertThat(table.get().out())
          .containsPattern("^TIME .* PATH +PAUSE  NETNS\n")
          .containsPattern("/collect +[0-9.]+ (us|ms|s)  host\n");
    } finally {
      server.stop(0);
    }
  }

  private static void get(String url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    assertThat(connection.getResponseCode()).isEqualTo(204);
  }

  @Test
  void node_killed_takesTheModulesAlong() throws Exception {
    CompletableFuture<Answer> answer =
        CompletableFuture.supplyAsync(() -> shunt("trace", "states"));
    assertThat(await(() -> !modules().isEmpty())).as(node.err()).isTrue();
    Set<Integer> attached = modules();

    node.close(); // SIGKILL

    Libbpf libbpf = new Libbpf();
    Await.until(
        "the programs to leave",
        () -> libbpf.programs().stream().noneMatch(program -> attached.contains(program.id())));
    assertThat(answer.get().code()).isEqualTo(ExitCode.CANNOT_RUN);
    assertThat(answer.get().err()).contains("shunt: ", "node at " + place.socket());
  }

  @Test
  void trace_ofWhatIsNotThere_isOneLineAndAnExitCode() throws Exception {
    assertRefused(ExitCode.NEGATIVE, "no such process (ESRCH/3)", "connect", "--pid", "4194305");
    assertRefused(ExitCode.NEGATIVE, "(ENOENT/2)", "states", "--cgroup", "/no/such");
    assertRefused(ExitCode.NEGATIVE, "not watched", "rtt", "--pod", "shop/cart");
    assertRefused(ExitCode.USAGE, "use a cgroup", "rtt", "--pid", "1");
    assertRefused(ExitCode.USAGE, "code has no port", "profile", "--port", "80");
    assertRefused(ExitCode.USAGE, "with the module profile", "rtt", "--flame", "x.svg");
    assertRefused(ExitCode.USAGE, "with the module http", "jvm", "--pauses");
    assertRefused(
        ExitCode.CANNOT_RUN, "nothing was traced", "profile", "--flame", "/no/such/x.svg");
    assertRefused(ExitCode.USAGE, "expected: connect, states", "nonsense");
    String folder = home.toString();
    assertRefused(ExitCode.CANNOT_RUN, "is a directory (EISDIR/21)", "profile", "--flame", folder);
    assertRefused(ExitCode.CANNOT_RUN, "(ENOENT/2)", "profile", "--flame", "/proc/x.svg");
    assertRefused(ExitCode.USAGE, "--pid: 0 (expected: 1 or more)", "connect", "--pid", "0");
    assertRefused(ExitCode.USAGE, "--pid: -5 (expected: 1 or more)", "connect", "--pid", "-5");
    assertRefused(ExitCode.USAGE, "--cgroup: / (expected: below", "connect", "--cgroup", "/");
    assertRefused(ExitCode.USAGE, "with the module rtt only", "states", "--interval", "2");
    assertRefused(ExitCode.USAGE, "--port: 70000", "connect", "--port", "70000");
    assertRefused(ExitCode.USAGE, "--interval: 0.0", "rtt", "--interval", "0");
    assertThat(modules()).isEmpty();
  }

  private void assertRefused(int code, String text, String... words) {
    List<String> all = new ArrayList<>(List.of("trace"));
    all.addAll(List.of(words));
    Answer answer = shunt(all.toArray(String[]::new));

    assertThat(answer.code()).as(answer.err()).isEqualTo(code);
    assertThat(answer.err()).startsWith("shunt: ").contains(text);
    assertThat(answer.out()).isEmpty();
  }
}
