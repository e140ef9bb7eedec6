package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.agent.PodBed.Pod;
import dev.shunt.datapath.libbpf.TestNetns;
import dev.shunt.ingest.kubernetes.PodObject;
import dev.shunt.ingest.kubernetes.SmallApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A small API server, pods, and nodes that know both. One thread; closing removes all of it. */
final class PodNodeBed implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(40);
  static final Map<String, String> WEB = Map.of("app", "web");

  private final Path home;
  private final Path pins;
  private final TestNetns host = new TestNetns();
  private final PodBed pods;
  private final SmallApiServer server;
  private final Path kubeconfig;

  private PodNodeBed(Path home, String name) throws IOException {
    this.home = home;
    pins = Path.of("/sys/fs/bpf", name);
    pods = PodBed.open(name);
    Files.createDirectory(home.resolve("policies"));
    server = host.call(SmallApiServer::start);
    kubeconfig = server.kubeconfig(home.resolve("kubeconfig"));
    server.node("node-1", Map.of());
    server.namespace("shop", Map.of("mesh", "on"));
    server.namespace("bank", Map.of());
  }

  /** Makes the place; the names of what it makes begin with this one. */
  static PodNodeBed open(Path home, String name) throws IOException {
    return new PodNodeBed(home, name + "-" + ProcessHandle.current().pid());
  }

  /** The network namespace of the nodes. */
  TestNetns host() {
    return host;
  }

  PodBed pods() {
    return pods;
  }

  SmallApiServer server() {
    return server;
  }

  /** Where the programs of a node are. */
  Path pins() {
    return pins;
  }

  /** Starts a node and waits until it works. */
  NodeProcess node(String id, String... more) throws InterruptedException {
    return node(id, List.of(), more);
  }

  /** As {@link #node}, with the settings of the JVM that users have. */
  NodeProcess nodeAsInstalled(String id) throws InterruptedException, IOException {
    return node(id, NodeProcess.settingsOfLauncher());
  }

  private NodeProcess node(String id, List<String> settings, String... more)
      throws InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("--cgroup", pods.cgroup().toString()));
    arguments.addAll(List.of("--socket", socket(), "--pin-dir", pins.toString()));
    arguments.addAll(List.of("--state-dir", home.resolve("state").toString()));
    arguments.addAll(List.of("--policy-dir", home.resolve("policies").toString()));
    arguments.addAll(List.of("--metrics-port", "0", "--kubernetes", "--node-name", "node-1"));
    arguments.addAll(List.of("--kubeconfig", kubeconfig.toString()));
    arguments.addAll(List.of(more));
    NodeProcess node = host.call(() -> NodeProcess.start(home, id, settings, arguments));
    assertThat(node.await(() -> node.out().contains("shunt node ready: "), LIMIT))
        .as("ready; log: %s", node.err())
        .isTrue();
    return node;
  }

  /** The socket of the node that runs. */
  String socket() {
    return home.resolve("node.sock").toString();
  }

  /** Puts a policy in the place of the last one. */
  void policy(String text) throws IOException {
    Path fresh = Files.writeString(home.resolve("fresh"), text);
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(fresh, home.resolve("policies/p.yaml"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Takes it away. */
  void removePolicy() throws IOException {
    Files.delete(home.resolve("policies/p.yaml"));
  }

  /** Tells the API server of a pod. */
  void serve(Pod pod, String namespace, String podName, Map<String, String> labels) {
    server.pod(
        new PodObject(pod.uid(), namespace, podName).labels(labels).owner("StatefulSet", podName));
  }

  @Override
  public void close() throws IOException {
    server.close();
    host.close();
    pods.close();
    removePins(); // a node that was killed leaves them
  }

  private void removePins() throws IOException {
    if (!Files.exists(pins)) {
      return;
    }
    List<Path> deepestLast;
    try (var paths = Files.walk(pins)) {
      deepestLast = paths.toList();
    }
    for (int i = deepestLast.size() - 1; i >= 0; i--) {
      Files.delete(deepestLast.get(i));
    }
  }
}
