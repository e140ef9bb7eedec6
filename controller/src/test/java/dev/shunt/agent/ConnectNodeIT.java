package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cli.ExitCode;
import dev.shunt.datapath.libbpf.TestNetns;
import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.datapath.programs.Connector;
import java.io.IOException;
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
  private NodePlace place;
  private final TestNetns netns = new TestNetns();
  private Path executable;
  private Connector connector;

  @BeforeEach
  void makePlace() throws IOException {
    place = NodePlace.make(home, name);
    netns.call(
        () -> TestObjects.run(List.of("ip", "route", "add", "local", "10.0.0.0/8", "dev", "lo")));
    executable = Connector.compile(home.resolve("caller"));
    connector = Connector.start(netns, place.cgroup(), executable);
  }

  @AfterEach
  void removePlace() throws IOException {
    connector.close();
    netns.close();
    Files.delete(place.cgroup());
  }

  private NodeProcess node(String id, String... more) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("--netns", "host", "--metrics-port", "0"));
    arguments.addAll(List.of(more));
    return place.start(id, arguments.toArray(String[]::new));
  }

  private void policy(String rules) throws IOException {
    Path file = place.policy("rules.yaml");
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
    return new NodeClient(place.socket()).run(expected, words);
  }

  private boolean isDenied(int port) {
    return connector.isDenied("tcp-connect", "10.1.1.1", port);
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

      Files.delete(place.policy("rules.yaml"));
      assertThat(node.await(() -> !isDenied(81), LIMIT)).isTrue();
      assertThat(node.await(() -> !Files.exists(place.pins().resolve("connect-v1")), LIMIT))
          .isTrue();
      node.stop();
      assertThat(place.pins()).doesNotExist();
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
      connector = Connector.start(netns, place.cgroup(), executable);
      assertThat(node.await(() -> isDenied(80), LIMIT)).isTrue();
      node.stop();
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
      second.stop();
    }
    assertThat(isDenied(80)).as("after a drain").isFalse();
    assertThat(place.pins()).doesNotExist();
  }

  @Test
  void stop_keepThenUninstall_holdsThenRemoves() throws Exception {
    policy("- {name: cut, action: deny, ports: [80]}");
    try (NodeProcess node = node("node", "--on-stop", "keep")) {
      node.stop();
    }
    assertThat(isDenied(80)).as("kept").isTrue();
    assertThat(place.uninstall())
        .contains("removed program connect_ipv4_hook-")
        .contains("removed map connect_ipv4\n");
    assertThat(isDenied(80)).as("uninstalled").isFalse();
  }
}
