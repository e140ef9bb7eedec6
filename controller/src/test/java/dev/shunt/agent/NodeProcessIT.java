package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cli.ExitCode;
import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.libbpf.BpfMap;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.programs.PinDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The node process from its start to its end, in a cgroup and a network namespace of its own. */
class NodeProcessIT {
  private static final Duration START_LIMIT = Duration.ofSeconds(40);
  private static final Duration NOTICE_LIMIT = Duration.ofSeconds(15);

  @TempDir private Path home;

  private final String name = "node-it-" + ProcessHandle.current().pid();
  private final Path pins = Path.of("/sys/fs/bpf", name);
  private final Path cgroup = CgroupTree.find().orElseThrow().root().resolve(name);

  @BeforeEach
  void makePlace() throws IOException, InterruptedException {
    Files.createDirectory(cgroup);
    Files.createDirectory(home.resolve("policies"));
    ip("netns", "add", name);
  }

  @AfterEach
  void removePlace() throws IOException, InterruptedException {
    ip("netns", "delete", name);
    Files.deleteIfExists(cgroup.resolve("later"));
    Files.delete(cgroup);
  }

  private static void ip(String... arguments) throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>(List.of("ip"));
    argv.addAll(List.of(arguments));
    Process process = new ProcessBuilder(argv).inheritIO().start();
    assertThat(process.waitFor()).as("%s", argv).isZero();
  }

  private NodeProcess node(String id, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--pin-dir", pins.toString()));
    arguments.addAll(List.of(more));
    return node(id, List.of(cgroup), arguments);
  }

  private NodeProcess node(String id, List<Path> cgroups, List<String> more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--netns", name, "--log-level", "debug"));
    cgroups.forEach(path -> arguments.addAll(List.of("--cgroup", path.toString())));
    arguments.addAll(List.of("--socket", home.resolve(id + ".sock").toString()));
    arguments.addAll(List.of("--state-dir", home.resolve(id + "-state").toString()));
    arguments.addAll(List.of("--policy-dir", home.resolve("policies").toString()));
    arguments.addAll(more);
    return NodeProcess.start(home, id, arguments);
  }

  private NodeProcess readyNode(String id) throws IOException, InterruptedException {
    return node(id, "--metrics-port", "0").awaitReady();
  }

  private void assertDrained(NodeProcess node) throws InterruptedException {
    node.stop();
    assertThat(pins).doesNotExist();
  }

  @Test
  void start_readyThenTerminated_oneLineAndNothingLeft() throws Exception {
    try (NodeProcess node = readyNode("node")) {
      assertDrained(node);
      assertThat(node.out().lines()).hasSize(1);
    }
  }

  /** A row that stays would make the node go through all TCP sockets twice a second for ever. */
  @Test
  void selfTest_itsSocketsHaveClosed_noReaderIsTakenForStuck() throws Exception {
    Path map = pins.resolve("v" + PinDirectory.LAYOUT_VERSION + "/maps/stuck");
    try (NodeProcess node = readyNode("node");
        BpfMap stuck = new Libbpf().openMap(map).orElseThrow()) {
      assertThat(node.await(() -> stuck.countEntries() == 0, NOTICE_LIMIT)).isTrue();
      assertDrained(node);
    }
  }

  @Test
  void start_pinsOfARunningNode_refusedAndTheOtherKeepsThem() throws Exception {
    try (NodeProcess first = readyNode("first");
        NodeProcess second = node("second", "--metrics-port", "0")) {
      assertThat(second.awaitExit(START_LIMIT)).isEqualTo(ExitCode.CANNOT_RUN);
      assertThat(second.err()).contains("another node is running with this --pin-dir");
      assertThat(pins.resolve("v" + PinDirectory.LAYOUT_VERSION + "/links")).isNotEmptyDirectory();
      assertDrained(first);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "inner"})
  void start_cgroupOfARunningNode_refusedAndNothingLeft(String below) throws Exception {
    Path inner = Files.createDirectory(cgroup.resolve("inner"));
    Path otherPins = pins.resolveSibling(pins.getFileName() + "-b");
    try (NodeProcess first = readyNode("first");
        NodeProcess second =
            node(
                "second",
                List.of(cgroup.resolve(below)),
                List.of("--pin-dir", otherPins.toString(), "--metrics-port", "0"))) {
      assertThat(second.awaitExit(START_LIMIT)).isEqualTo(ExitCode.CANNOT_RUN);
      assertThat(second.err().lines().filter(line -> line.startsWith("shunt: ")))
          .singleElement()
          .asString()
          .startsWith("shunt: lock cgroup " + cgroup.resolve(below) + " failed: another node");
      assertThat(otherPins).doesNotExist();
      assertDrained(first);
    } finally {
      Files.delete(inner);
    }
  }

  @Test
  void start_cgroupBesideARunningNode_bothRun() throws Exception {
    Path left = Files.createDirectory(cgroup.resolve("left"));
    Path right = Files.createDirectory(cgroup.resolve("right"));
    Path otherPins = pins.resolveSibling(pins.getFileName() + "-b");
    try (NodeProcess first =
            node(
                "first",
                List.of(left),
                List.of("--pin-dir", pins.toString(), "--metrics-port", "0"));
        NodeProcess second =
            node(
                "second",
                List.of(right),
                List.of("--pin-dir", otherPins.toString(), "--metrics-port", "0"))) {
      for (NodeProcess node : List.of(first, second)) {
        node.awaitReady();
      }
      assertDrained(first);
      assertDrained(second);
      assertThat(otherPins).doesNotExist();
    } finally {
      Files.delete(left);
      Files.delete(right);
    }
  }

  @Test
  void terminate_whileItStarts_endsWithNothingLeft() throws Exception {
    try (NodeProcess node = node("node", "--metrics-port", "0")) {
      assertThat(
              node.await(
                  () -> Files.exists(pins.resolve("v" + PinDirectory.LAYOUT_VERSION + "/maps")),
                  START_LIMIT))
          .isTrue();
      assertDrained(node);
      assertThat(node.out()).isEmpty();
    }
  }

  @Test
  void start_metricsPortTaken_oneLineAndNothingLeft() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        NodeProcess node = node("node", "--metrics-port", "" + taken.getLocalPort())) {
      assertThat(node.awaitExit(START_LIMIT)).isEqualTo(ExitCode.CANNOT_RUN);
      assertThat(node.err().lines().filter(line -> line.startsWith("shunt: ")))
          .singleElement()
          .asString()
          .contains("--metrics-port");
      assertThat(pins).doesNotExist();
    }
  }

  @Test
  void policy_cgroupMadeLater_isSelectedWithoutAnyOtherChange() throws Exception {
    Path later = cgroup.resolve("later");
    Files.writeString(
        home.resolve("policies/later.yaml"),
        """
        apiVersion: shunt.dev/v1alpha1
        kind: Acceleration
        metadata: {name: later}
        spec: {hostSelector: {cgroupPath: /%s/later}, mode: accelerate}
        """
            .formatted(name));
    try (NodeProcess node = readyNode("node")) {
      assertThat(node.err()).contains("does not exist yet").doesNotContain("write selector");
      Files.createDirectory(later);
      assertThat(node.await(() -> node.err().contains("applied: write selector"), NOTICE_LIMIT))
          .as("selector written; log: %s", node.err())
          .isTrue();
      assertDrained(node);
    }
  }
}
