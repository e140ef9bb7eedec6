package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cli.ExitCode;
import dev.shunt.cli.ShuntCommand;
import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.libbpf.TestNetns;
import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.datapath.programs.Connector;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connect policies from their file to EPERM, and what the command line says of them. */
class ConnectNodeIT {
  private static final Duration LIMIT = Duration.ofSeconds(40);

  @TempDir private Path home;

  private final String name = "connect-node-it-" + ProcessHandle.current().pid();
  private final CgroupTree tree = CgroupTree.find().orElseThrow();
  private final Path cgroup = tree.root().resolve(name);
  private final Path pins = Path.of("/sys/fs/bpf", name);
  private final TestNetns netns = new TestNetns();
  private Path executable;
  private Connector connector;

  @BeforeEach
  void makePlace() throws IOException {
    Files.createDirectory(cgroup);
    Files.createDirectory(home.resolve("policies"));
    netns.call(
        () -> TestObjects.run(List.of("ip", "route", "add", "local", "10.0.0.0/8", "dev", "lo")));
    executable = Connector.compile(home.resolve("caller"));
    connector = Connector.start(netns, cgroup, executable);
  }

  @AfterEach
  void removePlace() throws IOException {
    connector.close();
    netns.close();
    Files.delete(cgroup);
  }

  private NodeProcess node(String id, String... more) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("--cgroup", cgroup.toString()));
    arguments.addAll(List.of("--socket", socket(), "--pin-dir", pins.toString()));
    arguments.addAll(List.of("--state-dir", home.resolve("state").toString()));
    arguments.addAll(List.of("--policy-dir", home.resolve("policies").toString()));
    arguments.addAll(List.of("--metrics-port", "0", "--netns", "host"));
    arguments.addAll(List.of(more));
    NodeProcess node = NodeProcess.start(home, id, arguments);
    assertThat(node.await(() -> node.out().contains("shunt node ready: "), LIMIT))
        .as("ready; log: %s", node.err())
        .isTrue();
    return node;
  }

  private String socket() {
    return home.resolve("node.sock").toString();
  }

  private void policy(String rules) throws IOException {
    Path file = home.resolve("policies/rules.yaml");
    Path fresh =
        Files.writeString(
            home.resolve("fresh"),
            """
            apiVersion: shunt.dev/v1alpha1
            kind: ConnectPolicy
            metadata: {name: web}
            spec:
              hostSelector: {executable: %s}
              rules:
            """
                    .formatted(executable)
                + rules.indent(4));
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private String shunt(int expected, String... words) {
    return new NodeClient(socket()).run(expected, words);
  }

  private boolean isDenied(int port) {
    return connector.isDenied("tcp-connect", "10.1.1.1", port);
  }

  private static void stop(NodeProcess node) throws InterruptedException {
    node.terminate();
    assertThat(node.awaitExit(LIMIT)).as("exit; log: %s", node.err()).isEqualTo(ExitCode.OK);
  }

  @Test
  void policyFile_changed_isInForceAndExplained() throws Exception {
    policy("- {name: cut, action: deny, to: [10.0.0.0/8], protocol: tcp, ports: [80]}");
    try (NodeProcess node = node("node")) {
      assertThat(isDenied(80)).isTrue();
      assertThat(isDenied(81)).isFalse();
      assertThat(shunt(ExitCode.OK, "filters", "--hits"))
          .containsPattern("default/web/cut +deny +enforce +1 +1 +tcp to 10.0.0.0/8 ports 80\n");
      assertThat(shunt(ExitCode.OK, "filters")).containsPattern("rule set \\d+ with 1 rules");
      assertThat(shunt(ExitCode.OK, "status", "-o", "json")).contains("connect_ipv4_hook");
      assertThat(
              shunt(
                  ExitCode.OK,
                  "filters",
                  "test",
                  "--packet",
                  "tcp 10.9.9.9:1 -> 10.1.1.1:80",
                  "--executable",
                  executable.toString()))
          .isEqualTo("deny: by rule default/web/cut\n");

      CompletableFuture<String> denials =
          CompletableFuture.supplyAsync(
              () -> shunt(ExitCode.OK, "denials", "--watch", "--limit", "1", "-o", "json"));
      assertThat(node.await(() -> isDenied(80) && denials.isDone(), LIMIT)).isTrue();
      assertThat(denials.get())
          .contains("\"rule\": \"default/web/cut\"")
          .contains("\"executable\": \"" + executable + "\"")
          .contains("\"cgroup\": \"/" + name + "\"")
          .contains("\"destination_address\": \"10.1.1.1\", \"destination_port\": 80");

      policy("- {name: cut, action: deny, ports: [81]}");
      assertThat(node.await(() -> isDenied(81), LIMIT)).isTrue();
      assertThat(isDenied(80)).isFalse();

      policy("- {name: cut, action: deny, ports: [22]}");
      assertThat(node.await(() -> node.err().contains("no fail-safe port"), LIMIT)).isTrue();
      assertThat(isDenied(81)).as("the last good rule set holds").isTrue();

      Files.delete(home.resolve("policies/rules.yaml"));
      assertThat(node.await(() -> !isDenied(81), LIMIT)).isTrue();
      assertThat(node.await(() -> !Files.exists(pins.resolve("connect-v1")), LIMIT)).isTrue();
      stop(node);
      assertThat(pins).doesNotExist();
    }
  }

  @Test
  void executable_replaced_isJudgedByItsNewFile() throws Exception {
    policy("- {name: cut, action: deny, ports: [80]}");
    try (NodeProcess node = node("node")) {
      assertThat(isDenied(80)).isTrue();
      connector.close();
      Path fresh = Files.copy(executable, home.resolve("caller.new"));
      Files.move(fresh, executable, StandardCopyOption.REPLACE_EXISTING);
      connector = Connector.start(netns, cgroup, executable);
      assertThat(node.await(() -> isDenied(80), LIMIT)).isTrue();
      stop(node);
    }
  }

  @Test
  void node_killed_rulesHoldAndTheNextNodeTakesOver() throws Exception {
    policy("- {name: cut, action: deny, ports: [80]}");
    try (NodeProcess first = node("first")) {
      assertThat(isDenied(80)).as("log: %s", first.err()).isTrue();
    } // killed
    assertThat(isDenied(80)).as("without a node").isTrue();
    try (NodeProcess second = node("second")) {
      assertThat(isDenied(80)).isTrue();
      assertThat(shunt(ExitCode.OK, "filters", "--hits"))
          .containsPattern("default/web/cut +deny +enforce +3 +3 ");
      stop(second);
    }
    assertThat(isDenied(80)).as("after a drain").isFalse();
    assertThat(pins).doesNotExist();
  }

  @Test
  void stop_keepThenUninstall_holdsThenRemoves() throws Exception {
    policy("- {name: cut, action: deny, ports: [80]}");
    try (NodeProcess node = node("node", "--on-stop", "keep")) {
      stop(node);
    }
    assertThat(isDenied(80)).as("kept").isTrue();
    StringWriter out = new StringWriter();
    int code =
        ShuntCommand.commandLine()
            .setOut(new PrintWriter(out))
            .execute(
                "uninstall",
                "--yes",
                "--pin-dir=" + pins,
                "--state-dir=" + home.resolve("state"),
                "--socket=" + socket());
    assertThat(code).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("removed program connect_ipv4_hook-")
        .contains("removed map connect_ipv4\n");
    assertThat(isDenied(80)).as("uninstalled").isFalse();
  }
}
