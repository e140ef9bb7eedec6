package dev.shunt.e2e.behaviour;

import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code shunt node} of this build as a child process, with pins, state, policy and socket of its
 * own. One thread; {@link #close} drains it, which may take seconds.
 */
final class NodeHost implements AcceleratedHost {
  private static final Duration READY_LIMIT = Duration.ofSeconds(60);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(20);
  private static final Path BPF_FILE_SYSTEM = Path.of("/sys/fs/bpf");

  private final PeerBed bed;
  private final Path home;
  private final Path pins;
  private @Nullable SceneProcess node;

  NodeHost(PeerBed bed) {
    this.bed = bed;
    home = bed.directory().resolve("node");
    pins = BPF_FILE_SYSTEM.resolve(bed.name().toString());
  }

  @Override
  public void start() {
    try {
      Files.createDirectories(home.resolve("state"));
      Files.createDirectories(home.resolve("policies"));
      for (String namespace : bed.namespaces()) {
        Files.writeString(home.resolve("policies").resolve(namespace + ".yaml"), policy(namespace));
      }
    } catch (IOException e) {
      throw new SceneException("write files of the node failed: " + e, e);
    }
    SceneProcess started =
        SceneProcess.start("node", shunt(nodeArguments()), home.resolve("node.log"));
    node = started;
    boolean ready = Await.until(() -> !started.isAlive() || isReady(), READY_LIMIT);
    if (!ready || !started.isAlive()) {
      throw new SceneException("start node failed: not ready: " + started.logTail());
    }
  }

  private static String policy(String namespace) {
    return String.join(
        "\n",
        "apiVersion: shunt.dev/v1alpha1",
        "kind: Acceleration",
        "metadata:",
        "  name: " + namespace,
        "spec:",
        "  hostSelector:",
        "    networkNamespace: " + namespace,
        "  mode: accelerate",
        "  paths:",
        "    samePod: true",
        "    sameNode: true",
        "");
  }

  private List<String> nodeArguments() {
    List<String> arguments =
        new ArrayList<>(List.of("node", "--cgroup", bed.cgroup().path().toString()));
    for (String namespace : bed.namespaces()) {
      arguments.addAll(List.of("--netns", namespace));
    }
    arguments.addAll(List.of("--pin-dir", pins.toString(), "--socket", socket().toString()));
    arguments.addAll(List.of("--state-dir", home.resolve("state").toString()));
    arguments.addAll(List.of("--policy-dir", home.resolve("policies").toString()));
    arguments.addAll(List.of("--metrics-port", "0", "--on-stop", "drain"));
    return arguments;
  }

  /** Runs a sub-command of the very classes under test. */
  private static List<String> shunt(List<String> arguments) {
    List<String> argv =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.shunt.ShuntMain"));
    argv.addAll(arguments);
    return argv;
  }

  private Path socket() {
    return home.resolve("node.sock");
  }

  private boolean isReady() {
    return Files.exists(socket()) && ask("status").awaitExit(ANSWER_LIMIT) == 0;
  }

  private SceneProcess ask(String verb) {
    return SceneProcess.startWithErrors(
        "shunt " + verb,
        shunt(List.of(verb, "--socket", socket().toString(), "-o", "json")),
        home.resolve(verb + ".json"),
        home.resolve(verb + ".err"));
  }

  /** Ends the node with SIGKILL, as the kernel's OOM killer would; what it pinned stays. */
  void kill() {
    if (node != null) {
      ProcessHandle.of(node.pid()).ifPresent(ProcessHandle::destroyForcibly);
      node.awaitExit(ANSWER_LIMIT);
    }
  }

  /** Runs {@code shunt mode NAME} and waits for its end. */
  void mode(String name) {
    SceneProcess mode =
        SceneProcess.start(
            "shunt mode",
            shunt(List.of("mode", name, "--socket", socket().toString())),
            home.resolve("mode.log"));
    if (mode.awaitExit(ANSWER_LIMIT) != 0) {
      throw new SceneException("set mode " + name + " failed: " + mode.logTail());
    }
  }

  /** Whether anything of the node is left in the BPF file system. */
  boolean isPinned() {
    return Files.exists(pins);
  }

  @Override
  public CgroupTree cgroup() {
    return bed.cgroup();
  }

  @Override
  public List<String> namespaces() {
    return bed.namespaces();
  }

  @Override
  public HostStats stats() {
    SceneProcess stats = ask("stats");
    if (stats.awaitExit(ANSWER_LIMIT) != 0) {
      throw new SceneException("read statistics of the node failed: " + stats.logTail());
    }
    return HostStats.parse(stats.log());
  }

  @Override
  public void close() {
    if (node != null) {
      node.closeWithin(DRAIN_LIMIT);
    }
  }
}
