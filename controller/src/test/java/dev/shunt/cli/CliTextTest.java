package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.shunt.observe.NodeStatus;
import dev.shunt.observe.Samples;
import dev.shunt.observe.SelfTestReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people see, and the files they get; against a node over a real unix socket. */
class CliTextTest {
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

  @Test
  void status_notReady_exitCode1AndTheCause() throws Exception {
    cli.node().setReadiness(NodeStatus.State.NOT_READY, "the self-test has not run");

    CliNode.Result result = cli.run("status");
    assertThat(result.code()).isEqualTo(ExitCode.NEGATIVE);
    assertThat(result.out()).startsWith("node       not ready: the self-test has not run\n");
    assertThat(cli.run("status -o json").json().get("ready").getAsBoolean()).isFalse();
  }

  @Test
  void status_table_columnsStartUnderTheirHeadings() {
    List<String> lines = cli.run("status").out().lines().toList();

    String heading = lines.stream().filter(l -> l.startsWith("HOOK ")).findFirst().orElseThrow();
    String wide = lines.stream().filter(l -> l.startsWith("tracepoint")).findFirst().orElseThrow();
    assertThat(wide.indexOf("fionread_guard")).isEqualTo(heading.indexOf("PROGRAM"));
    assertThat(wide.indexOf("not attached")).isEqualTo(heading.indexOf("STATE"));
    assertThat(lines).noneMatch(l -> l.endsWith(" ")).noneMatch(l -> l.contains("\u001b"));
    assertThat(lines)
        .anyMatch(l -> l.contains("b.yaml:7: ports.exclude: 70000 (expected: 1..65535)"));
  }

  @Test
  void status_telemetry_modulesThatStandAndForHowManyNamespaces() throws Exception {
    List<String> lines = cli.run("status").out().lines().toList();

    assertThat(lines).anyMatch(l -> l.matches("TELEMETRY +NAMESPACES +EVENTS +STATE"));
    assertThat(lines)
        .anyMatch(l -> l.matches("http +2 +1200 +attached to tp_btf/sock_send_length, .*"));
    assertThat(lines)
        .anyMatch(l -> l.matches("jvm +1 +0 +incomplete: it cannot be; it is tried again"));
    assertThat(lines).as("switched off again").noneMatch(l -> l.startsWith("rtt"));
    JsonElement http = cli.run("status -o json").json().getAsJsonArray("telemetry").get(0);
    assertThat(http.toString())
        .contains("\"namespaces\":2", "\"events\":1200", "\"shed\":5", "\"lost\":4")
        .contains("\"untracked\":3", "\"unread\":1", "\"skipped\":2", "\"unsampled\":900");
  }

  @Test
  void connections_table_columnsAlignWithWideValues() {
    List<String> lines = cli.run("connections").out().lines().toList();

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
  void explain_text_stepsReasonAndRemedy() {
    CliNode.Result result = cli.run("explain [2001:db8::1]:80");

    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("adopted   no    too_young")
        .contains("1 of the 2 request/response turns")
        .contains("keep-alive");
  }

  @Test
  void mode_set_nodeFollowsAndPolicyUndoesIt() throws Exception {
    JsonObject off = cli.run("mode off -o json").json();
    assertThat(off.get("mode").getAsString()).isEqualTo("off");
    assertThat(off.get("mode_override").getAsString()).isEqualTo("off");
    assertThat(cli.run("mode").out()).startsWith("off (set by 'shunt mode'");
    assertThat(cli.run("mode policy").out()).isEqualTo("accelerate (as the policies say)\n");
  }

  @Test
  void selftest_failed_exitCode1() {
    cli.node()
        .setSelfTest(
            new SelfTestReport(
                Samples.STARTED,
                List.of(
                    new SelfTestReport.Check(
                        "order",
                        SelfTestReport.Outcome.FAILED,
                        SelfTestReport.Need.REQUIRED,
                        "byte 7 came before byte 6"))));

    CliNode.Result result = cli.run("selftest");
    assertThat(result.code()).isEqualTo(ExitCode.NEGATIVE);
    assertThat(result.out()).contains("byte 7 came before byte 6").contains("failed: ");
  }

  @Test
  void top_noTerminal_oneLineForEachInterval() {
    CliNode.Result result = cli.run("top --interval 0.1 --count 2");

    assertThat(result.code()).isZero();
    assertThat(result.out().lines())
        .hasSize(2)
        .allMatch(l -> l.startsWith("redirected ") && l.contains("paired 6"));
  }

  @Test
  void bugreport_liveNode_archiveWithMode0600() throws Exception {
    Path log = Files.writeString(directory.resolve("node.log"), "a line\n");
    Path archive = directory.resolve("report.tar.gz");

    CliNode.Result result = cli.run("bugreport --file " + archive + " --log " + log + " -o json");

    assertThat(result.code()).isZero();
    assertThat(result.json().getAsJsonArray("entries"))
        .extracting(JsonElement::getAsString)
        .contains("version.json", "preflight.json", "status.json", "stats.json", "maps.json")
        .contains("connections.json", "logs/7-node.log");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)))
        .isEqualTo("rw-------");
    Process tar =
        new ProcessBuilder("tar", "xzOf", archive.toString(), "shunt-bugreport/logs/7-node.log")
            .start();
    assertThat(new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("a line\n");
    assertThat(cli.run("bugreport --file " + archive).code()).isEqualTo(ExitCode.CANNOT_RUN);
  }

  @Test
  void bugreport_noNode_reportWithTheCause() throws Exception {
    cli.stopNode();
    Path archive = directory.resolve("report.tar.gz");

    CliNode.Result result = cli.run("bugreport --file " + archive + " -o json");

    assertThat(result.code()).isZero();
    assertThat(result.json().getAsJsonArray("entries"))
        .extracting(JsonElement::getAsString)
        .containsExactly("version.json", "preflight.json", "node-error.txt");
  }
}
