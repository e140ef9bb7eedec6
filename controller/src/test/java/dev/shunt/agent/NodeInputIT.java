package dev.shunt.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cli.ExitCode;
import dev.shunt.datapath.host.CgroupTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a host or a command line lacks: one line each, and nothing of the node is left. */
class NodeInputIT {
  private static final Duration LIMIT = Duration.ofSeconds(40);

  @TempDir private Path home;

  private final String name = "input-it-" + ProcessHandle.current().pid();
  private final CgroupTree tree = CgroupTree.find().orElseThrow();
  private final Path cgroup = tree.root().resolve(name);
  private final Path pins = Path.of("/sys/fs/bpf", name);

  @BeforeEach
  void makePlace() throws IOException {
    Files.createDirectory(cgroup);
  }

  @AfterEach
  void removePlace() throws IOException {
    Files.delete(cgroup);
  }

  @Test
  void start_noBtf_refused() throws Exception {
    String hidden = "mount -t tmpfs none /sys/kernel/btf";
    assertRefused(
        inMountNamespace(hidden), "read kernel BTF /sys/kernel/btf/vmlinux failed", "ENOENT/2");
  }

  @Test
  void start_noCgroup2_refused() throws Exception {
    assertRefused(
        inMountNamespace("umount -l " + tree.root()), "find cgroup v2 failed", "mount -t cgroup2");
  }

  @Test
  void start_noPrivilege_refused() throws Exception {
    List<String> prefix = List.of("setpriv", "--bounding-set", "-all", "--inh-caps", "-all");
    assertRefused(prefix, "EPERM/1", "run as root");
  }

  @Test
  void start_libbpfMissing_refused() throws Exception {
    assertRefused(List.of(), "/no/such.so", "ENOENT/2", "--libbpf", "/no/such.so");
  }

  @Test
  void start_pinDirectoryNotOnBpffs_refused() throws Exception {
    Path elsewhere = home.resolve("pins");
    assertRefused(
        List.of(), "is not on a bpffs", "mount -t bpf", "--pin-dir", elsewhere.toString());
    assertThat(elsewhere).doesNotExist();
  }

  @Test
  void start_socketPathIsAFile_refusedAndFileKept() throws Exception {
    Path file = Files.writeString(home.resolve("precious"), "mine");
    assertRefused(List.of(), "EEXIST/17", "choose --socket", "--socket", file.toString());
    assertThat(file).hasContent("mine");
  }

  private static List<String> inMountNamespace(String command) {
    return List.of("unshare", "--mount", "sh", "-c", command + " && exec \"$@\"", "sh");
  }

  /** Starts a node with one option more, and reads how it ends. */
  private void assertRefused(List<String> prefix, String cause, String remedy, String... option)
      throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>(prefix);
    argv.addAll(NodeProcess.command());
    argv.addAll(List.of("--cgroup", cgroup.toString(), "--metrics-port", "0"));
    argv.addAll(List.of("--policy-dir", home.resolve("policies").toString()));
    argv.addAll(List.of("--state-dir", home.resolve("state").toString()));
    List<String> given = List.of(option);
    argv.addAll(given);
    if (!given.contains("--pin-dir")) {
      argv.addAll(List.of("--pin-dir", pins.toString()));
    }
    if (!given.contains("--socket")) {
      argv.addAll(List.of("--socket", home.resolve("node.sock").toString()));
    }
    Path err = home.resolve("err");
    Process process = new ProcessBuilder(argv).redirectError(err.toFile()).start();
    try {
      assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).as("ends").isTrue();
    } finally {
      process.destroyForcibly().onExit().join();
    }
    assertThat(Files.readString(err).lines())
        .singleElement()
        .asString()
        .startsWith("shunt: ")
        .contains(cause, remedy);
    assertThat(process.exitValue()).isEqualTo(ExitCode.CANNOT_RUN);
    assertThat(pins).doesNotExist();
    assertThat(home.resolve("node.sock")).doesNotExist();
    assertThat(attached()).isEmpty();
  }

  /** The programs attached to the node's cgroup; empty when there are none. */
  private String attached() throws IOException, InterruptedException {
    Process listing =
        new ProcessBuilder("bpftool", "cgroup", "show", cgroup.toString())
            .redirectErrorStream(true)
            .start();
    String text = new String(listing.getInputStream().readAllBytes(), UTF_8);
    assertThat(listing.waitFor()).as(text).isZero();
    return text.lines().skip(1).reduce("", (all, line) -> all + line);
  }
}
