package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.shunt.observe.EventType;
import dev.shunt.observe.InMemoryNode;
import dev.shunt.observe.NodeStatus;
import dev.shunt.observe.Reason;
import dev.shunt.observe.Samples;
import dev.shunt.observe.SelfTestReport;
import dev.shunt.observe.Step;
import dev.shunt.publish.grpc.Await;
import dev.shunt.publish.grpc.NodeServer;
import dev.shunt.publish.grpc.NodeServerConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands against a node over a real unix socket, with a fixture in place of the kernel. */
class CliNodeTest {
  private record Result(int code, String out, String err) {
    JsonObject json() throws Exception {
      // Strict: one document and nothing after it.
      return new Gson().getAdapter(JsonElement.class).fromJson(out).getAsJsonObject();
    }
  }

  @TempDir private Path directory;
  private final InMemoryNode node = new InMemoryNode();
  private Path socket;
  private NodeServer server;

  @BeforeEach
  void start() throws Exception {
    socket = directory.resolve("node.sock");
    server = NodeServer.start(node, new NodeServerConfig(socket, Optional.empty()));
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
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"status", "stats", "connections", "explain 7", "mode", "mode observe", "selftest"})
  void command_json_oneDocumentOnStandardOutputAndNothingElse(String args) throws Exception {
    Result result = run(args + " -o json");

    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertSnakeCase(result.json());
    assertThat(result.out()).endsWith("}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "stats", "connections", "explain 7", "mode", "selftest"})
  void command_yaml_sameContentAsJson(String args) throws Exception {
    Map<String, Object> yaml = new org.yaml.snakeyaml.Yaml().load(run(args + " -o yaml").out());

    assertThat(yaml.keySet()).isEqualTo(run(args + " -o json").json().keySet());
  }

  @Test
  void stats_json_totalsAtTopLevel() throws Exception {
    JsonObject stats = run("stats -o json").json();

    assertThat(stats.get("bytes_redirected").getAsLong()).isEqualTo(1_536_000);
    assertThat(stats.get("bytes_passed").getAsLong()).isEqualTo(3000);
    assertThat(stats.get("messages_redirected").getAsLong()).isEqualTo(1000);
    assertThat(stats.get("spills").getAsLong()).isEqualTo(7);
    JsonObject reasons = stats.getAsJsonObject("reasons");
    assertThat(reasons.getAsJsonObject("too_young").get("connections").getAsLong()).isEqualTo(2);
    assertThat(reasons.getAsJsonObject("back_pressure").get("messages").getAsLong()).isEqualTo(5);
    JsonObject web = stats.getAsJsonArray("endpoints").get(0).getAsJsonObject();
    assertThat(web.get("name").getAsString()).isEqualTo("web");
    assertThat(web.get("bytes_redirected").getAsLong()).isEqualTo(1_536_000);
  }

  @Test
  void stats_watchJson_oneDocumentALine() throws Exception {
    node.setReadiness(NodeStatus.State.READY, "");
    List<String> lines = new ArrayList<>();
    Thread watcher =
        new Thread(
            () -> {
              LineWriter out = new LineWriter(lines, 3);
              ShuntCommand.commandLine()
                  .setOut(new PrintWriter(out))
                  .setErr(new PrintWriter(new StringWriter()))
                  .execute(args("stats --watch=0.1 -o json"));
            });
    watcher.start();
    watcher.join(20_000);

    assertThat(watcher.isAlive()).as("the watch ends when nobody reads").isFalse();
    assertThat(lines).hasSizeGreaterThanOrEqualTo(3);
    assertThat(lines.get(2)).startsWith("{\"time\": ").endsWith("}");
  }

  @Test
  void status_notReady_exitCode1AndTheCause() throws Exception {
    node.setReadiness(NodeStatus.State.NOT_READY, "the self-test has not run");

    Result result = run("status");
    assertThat(result.code()).isEqualTo(ExitCode.NEGATIVE);
    assertThat(result.out()).startsWith("node       not ready: the self-test has not run\n");
    assertThat(run("status -o json").json().get("ready").getAsBoolean()).isFalse();
  }

  @Test
  void status_table_columnsStartUnderTheirHeadings() {
    List<String> lines = run("status").out().lines().toList();

    String heading = lines.stream().filter(l -> l.startsWith("HOOK ")).findFirst().orElseThrow();
    String wide = lines.stream().filter(l -> l.startsWith("tracepoint")).findFirst().orElseThrow();
    assertThat(wide.indexOf("fionread_guard")).isEqualTo(heading.indexOf("PROGRAM"));
    assertThat(wide.indexOf("not attached")).isEqualTo(heading.indexOf("STATE"));
    assertThat(lines).noneMatch(l -> l.endsWith(" ")).noneMatch(l -> l.contains("\u001b"));
    assertThat(lines)
        .anyMatch(l -> l.contains("b.yaml:7: ports.exclude: 70000 (expected: 1..65535)"));
  }

  @Test
  void connections_table_columnsAlignWithWideValues() {
    List<String> lines = run("connections").out().lines().toList();

    assertThat(lines).hasSize(3);
    int reason = lines.get(0).indexOf("REASON");
    assertThat(lines.get(1).charAt(reason)).isEqualTo('-');
    assertThat(lines.get(2).substring(reason)).startsWith("too_young");
    assertThat(lines.get(2)).contains("[2001:db8::1]:80 ");
    int end = lines.get(0).indexOf("REDIRECTED") + "REDIRECTED".length();
    assertThat(lines.get(1).substring(0, end)).endsWith("3.91 KiB");
    assertThat(lines.get(2).substring(0, end)).endsWith(" 0 B");
  }

  @Test
  void connections_filters_reachTheNode() throws Exception {
    assertThat(count("connections --step joined,adopted -o json")).isEqualTo(1);
    assertThat(count("connections --reason too-young -o json")).isEqualTo(1);
    assertThat(count("connections --port 80 --limit 1 -o json")).isEqualTo(1);
    assertThat(count("connections --address 10.0.0.1 -o json")).isZero();
  }

  @Test
  void explain_text_stepsReasonAndRemedy() {
    Result result = run("explain [2001:db8::1]:80");

    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("adopted   no    too_young")
        .contains("1 of the 2 request/response turns")
        .contains("keep-alive");
  }

  @Test
  void mode_set_nodeFollowsAndPolicyUndoesIt() throws Exception {
    JsonObject off = run("mode off -o json").json();
    assertThat(off.get("mode").getAsString()).isEqualTo("off");
    assertThat(off.get("mode_override").getAsString()).isEqualTo("off");
    assertThat(run("mode").out()).startsWith("off (set by 'shunt mode'");
    assertThat(run("mode policy").out()).isEqualTo("accelerate (as the policies say)\n");
  }

  @Test
  void selftest_failed_exitCode1() {
    node.setSelfTest(
        new SelfTestReport(
            Samples.STARTED,
            List.of(
                new SelfTestReport.Check(
                    "order",
                    SelfTestReport.Outcome.FAILED,
                    SelfTestReport.Need.REQUIRED,
                    "byte 7 came before byte 6"))));

    Result result = run("selftest");
    assertThat(result.code()).isEqualTo(ExitCode.NEGATIVE);
    assertThat(result.out()).contains("byte 7 came before byte 6").contains("failed: ");
  }

  @Test
  void events_limit_oneObjectALine() throws Exception {
    StringWriter out = new StringWriter();
    int[] code = {-1};
    Thread reader =
        new Thread(
            () ->
                code[0] =
                    ShuntCommand.commandLine()
                        .setOut(new PrintWriter(out))
                        .execute(args("events --type spill --limit 2 -o json")));
    reader.start();
    Await.until("the subscription", () -> node.listenerCount() == 1);
    for (EventType type : List.of(EventType.OPEN, EventType.SPILL, EventType.SPILL)) {
      node.emit(
          Samples.event(
              type,
              Samples.connection(
                  7, "127.0.0.1:1", "127.0.0.1:2", Samples.progress(Step.JOINED, Reason.NONE))));
    }
    reader.join(20_000);

    assertThat(code[0]).isZero();
    assertThat(out.toString().lines()).hasSize(2).allMatch(l -> l.contains("\"type\": \"spill\""));
  }

  @Test
  void top_noTerminal_oneLineForEachInterval() {
    Result result = run("top --interval 0.1 --count 2");

    assertThat(result.code()).isZero();
    assertThat(result.out().lines())
        .hasSize(2)
        .allMatch(l -> l.startsWith("redirected ") && l.contains("paired 6"));
  }

  @Test
  void bugreport_liveNode_archiveWithMode0600() throws Exception {
    Path log = Files.writeString(directory.resolve("node.log"), "a line\n");
    Path archive = directory.resolve("report.tar.gz");

    Result result = run("bugreport --file " + archive + " --log " + log + " -o json");

    assertThat(result.code()).isZero();
    assertThat(result.json().getAsJsonArray("entries"))
        .extracting(JsonElement::getAsString)
        .contains("version.json", "preflight.json", "status.json", "stats.json", "maps.json")
        .contains("connections.json", "logs/6-node.log");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)))
        .isEqualTo("rw-------");
    Process tar =
        new ProcessBuilder("tar", "xzOf", archive.toString(), "shunt-bugreport/logs/6-node.log")
            .start();
    assertThat(new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("a line\n");
    assertThat(run("bugreport --file " + archive).code()).isEqualTo(ExitCode.CANNOT_RUN);
  }

  @Test
  void bugreport_noNode_reportWithTheCause() throws Exception {
    server.close();
    Path archive = directory.resolve("report.tar.gz");

    Result result = run("bugreport --file " + archive + " -o json");

    assertThat(result.code()).isZero();
    assertThat(result.json().getAsJsonArray("entries"))
        .extracting(JsonElement::getAsString)
        .containsExactly("version.json", "preflight.json", "node-error.txt");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          explain 127.0.0.1:9        | 1 | find connection 127.0.0.1:9 failed: none matches
          explain nonsense           | 2 | connection: 'nonsense' (expected: ip:port,
          connections --port 70000   | 2 | --port: 70000 (expected: 0..65535)
          connections --step young   | 2 | --step: young (expected: unpaired, pending, paired,
          connections --reason x     | 2 | --reason: x (expected: none, remote_peer,
          connections --address x    | 2 | address: 'x' (expected: an IPv4 or IPv6 address)
          connections --limit -1     | 2 | --limit: -1 (expected: 0 or more)
          events --type bang         | 2 | --type: bang (expected: open, adopt, join, spill, close,
          stats --watch=0            | 2 | --watch: 0.0 (expected: 0.1..3600 seconds)
          mode fast                  | 2 | Invalid value for positional parameter
          top --interval 0           | 2 | --interval: 0.0 (expected: 0.1..3600 seconds)
          status --node h:1          | 2 | --node needs --tls-ca, --tls-cert and --tls-key
          """)
  void command_badInput_exitCodeAndOneSentence(String args, int code, String message) {
    Result result = run(args);

    assertThat(result.code()).isEqualTo(code);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("shunt: " + message).doesNotContain("Exception");
  }

  @Test
  void command_nodeGone_oneLineWithErrno() throws Exception {
    server.close();
    assertThat(run("status").err())
        .isEqualTo(
            "shunt: connect to node at %s failed: no such file (ENOENT/2); is 'shunt node' running?%n"
                .formatted(socket));

    Files.writeString(socket, "");
    Result refused = run("status");
    assertThat(refused.code()).isEqualTo(ExitCode.CANNOT_RUN);
    assertThat(refused.err()).contains("connection refused (ECONNREFUSED/111)");
  }

  private int count(String args) throws Exception {
    return run(args).json().getAsJsonArray("connections").size();
  }

  private Result run(String args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        ShuntCommand.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(args(args));
    return new Result(code, out.toString(), err.toString());
  }

  private String[] args(String args) {
    List<String> all = new ArrayList<>();
    Collections.addAll(all, args.split(" "));
    all.add(1, "--socket=" + socket);
    return all.toArray(String[]::new);
  }

  private static void assertSnakeCase(JsonElement element) {
    if (element.isJsonArray()) {
      element.getAsJsonArray().forEach(CliNodeTest::assertSnakeCase);
    } else if (element.isJsonObject()) {
      assertThat(element.getAsJsonObject().keySet())
          .as(element.getAsJsonObject().keySet().stream().collect(Collectors.joining(" ")))
          .allMatch(key -> key.matches("[a-z][a-z0-9]*(_[a-z0-9]+)*"));
      element.getAsJsonObject().asMap().values().forEach(CliNodeTest::assertSnakeCase);
    }
  }
}
