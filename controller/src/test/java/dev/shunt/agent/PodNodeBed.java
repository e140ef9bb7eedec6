package dev.shunt.agent;

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
  private final NodePlace place;
  private final TestNetns host = new TestNetns();
  private final PodBed pods;
  private final SmallApiServer server;
  private final Path kubeconfig;

  private PodNodeBed(Path home, String name) throws IOException {
    this.home = home;
    pods = PodBed.open(name);
    place = NodePlace.at(home, pods.cgroup(), name);
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
    return place.pins();
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
    List<String> arguments = new ArrayList<>(List.of("--metrics-port", "0", "--kubernetes"));
    arguments.addAll(List.of("--node-name", "node-1", "--kubeconfig", kubeconfig.toString()));
    arguments.addAll(List.of(more));
    return host.call(() -> place.start(id, settings, arguments.toArray(String[]::new)));
  }

  /** The socket of the node that runs. */
  String socket() {
    return place.socket();
  }

  /** Puts a policy in the place of the last one. */
  void policy(String text) throws IOException {
    Path fresh = Files.writeString(home.resolve("fresh"), text);
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(fresh, place.policy("p.yaml"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Takes it away. */
  void removePolicy() throws IOException {
    Files.delete(place.policy("p.yaml"));
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
    place.uninstall(); // a node that was killed leaves its pins
    pods.close();
  }
}
