package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.shunt.observe.EventType;
import dev.shunt.observe.NodeStatus;
import dev.shunt.observe.Reason;
import dev.shunt.observe.Samples;
import dev.shunt.observe.Step;
import dev.shunt.publish.grpc.Await;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What scripts rely on: documents, streams, exit codes; against a node over a real unix socket. */
class CliNodeTest {
  @TempDir private Path directory;
  private CliNode cli;

  @BeforeEach
  void start() throws Exception {
    cli = CliNode.start(directory);
  }

  @AfterEach
  void stop() throws Exception {
    cli.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"status", "stats", "connections", "explain 7", "mode", "mode observe", "selftest"})
  void command_json_oneDocumentOnStandardOutputAndNothingElse(String args) throws Exception {
    CliNode.Result result = cli.run(args + " -o json");

    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertSnakeCase(result.json());
    assertThat(result.out()).endsWith("}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "stats", "connections", "explain 7", "mode", "selftest"})
  void command_yaml_sameContentAsJson(String args) throws Exception {
    Map<String, Object> yaml = new org.yaml.snakeyaml.Yaml().load(cli.run(args + " -o yaml").out());

    assertThat(yaml.keySet()).isEqualTo(cli.run(args + " -o json").json().keySet());
  }

  @Test
  void stats_json_totalsAtTopLevel() throws Exception {
    JsonObject stats = cli.run("stats -o json").json();

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
    cli.node().setReadiness(NodeStatus.State.READY, "");
    List<String> lines = new ArrayList<>();
    Thread watcher =
        new Thread(
            () -> {
              LineWriter out = new LineWriter(lines, 3);
              ShuntCommand.commandLine()
                  .setOut(new PrintWriter(out))
                  .setErr(new PrintWriter(new StringWriter()))
                  .execute(cli.args("stats --watch=0.1 -o json"));
            });
    watcher.start();
    watcher.join(20_000);

    assertThat(watcher.isAlive()).as("the watch ends when nobody reads").isFalse();
    assertThat(lines).hasSizeGreaterThanOrEqualTo(3);
    assertThat(lines.get(2)).startsWith("{\"time\": ").endsWith("}");
  }

  @Test
  void connections_filters_reachTheNode() throws Exception {
    assertThat(count("connections --step joined,adopted -o json")).isEqualTo(1);
    assertThat(count("connections --reason too-young -o json")).isEqualTo(1);
    assertThat(count("connections --port 80 --limit 1 -o json")).isEqualTo(1);
    assertThat(count("connections --address 10.0.0.1 -o json")).isZero();
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
                        .execute(cli.args("events --type spill --limit 2 -o json")));
    reader.start();
    Await.until("the subscription", () -> cli.node().listenerCount() == 1);
    for (EventType type : List.of(EventType.OPEN, EventType.SPILL, EventType.SPILL)) {
      cli.node()
          .emit(
              Samples.event(
                  type,
                  Samples.connection(
                      7,
                      "127.0.0.1:1",
                      "127.0.0.1:2",
                      Samples.progress(Step.JOINED, Reason.NONE))));
    }
    reader.join(20_000);

    assertThat(code[0]).isZero();
    assertThat(out.toString().lines()).hasSize(2).allMatch(l -> l.contains("\"type\": \"spill\""));
  }

  @ParameterizedTest
  @CsvSource({"OPEN, paired", "JOIN, joined", "CLOSE, ''"})
  void events_connection_hasWhatTheEventTells(EventType type, String step) throws Exception {
    List<CliNode.Result> results = new CopyOnWriteArrayList<>();
    Thread reader = new Thread(() -> results.add(cli.run("events --limit 1 -o json")));
    reader.start();
    Await.until("the subscription", () -> cli.node().listenerCount() == 1);
    Step reached = step.isEmpty() ? Step.UNPAIRED : Step.valueOf(step.toUpperCase(Locale.ROOT));
    cli.node()
        .emit(
            Samples.event(
                type,
                Samples.connection(
                    7, "127.0.0.1:1", "127.0.0.1:2", Samples.progress(reached, Reason.NONE))));
    reader.join(20_000);

    assertThat(results).hasSize(1);
    String event = results.get(0).out();
    assertThat(event).contains("\"cookie\": 7").doesNotContain("tcp_state", "\"turns\"");
    if (step.isEmpty()) {
      assertThat(event).doesNotContain("\"step\"");
    } else {
      assertThat(event).contains("\"step\": \"" + step + "\"");
    }
  }

  @Test
  void events_nodeStops_oneSentence() throws Exception {
    List<CliNode.Result> results = new ArrayList<>();
    Thread reader = new Thread(() -> results.add(cli.run("events -o json")));
    reader.start();
    Await.until("the subscription", () -> cli.node().listenerCount() == 1);

    cli.stopNode();
    reader.join(20_000);

    assertThat(results).hasSize(1);
    assertThat(results.get(0).code()).isEqualTo(ExitCode.CANNOT_RUN);
    assertThat(results.get(0).err())
        .isEqualTo("shunt: read from node at %s failed: it stopped%n".formatted(cli.socket()));
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
    CliNode.Result result = cli.run(args);

    assertThat(result.code()).isEqualTo(code);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("shunt: " + message).doesNotContain("Exception");
  }

  @Test
  void command_nodeGone_oneLineWithErrno() throws Exception {
    cli.stopNode();
    assertThat(cli.run("status").err())
        .isEqualTo(
            "shunt: connect to node at %s failed: no such file (ENOENT/2); is 'shunt node' running?%n"
                .formatted(cli.socket()));

    Files.writeString(cli.socket(), "");
    CliNode.Result refused = cli.run("status");
    assertThat(refused.code()).isEqualTo(ExitCode.CANNOT_RUN);
    assertThat(refused.err()).contains("connection refused (ECONNREFUSED/111)");
  }

  private int count(String args) throws Exception {
    return cli.run(args).json().getAsJsonArray("connections").size();
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
