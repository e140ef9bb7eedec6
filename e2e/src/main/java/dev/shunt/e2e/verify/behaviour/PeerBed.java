package dev.shunt.e2e.verify.behaviour;

import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.Pod;
import dev.shunt.e2e.scene.PodNetwork;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneName;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.SceneRequirements;
import dev.shunt.e2e.scene.Teardown;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Where cases run: two network namespaces joined by veth, a REDIRECT rule as sidecars have it, and
 * a cgroup. One thread; {@link #close} removes all of it.
 */
public final class PeerBed implements AutoCloseable {
  /** Connections to this port and the next reach {@link #LISTENER_PORT} through netfilter. */
  public static final int REDIRECTED_PORT = 15001;

  private static final int SECOND_REDIRECTED_PORT = 15002;

  /** Where redirected connections arrive, in the server namespace. */
  public static final int LISTENER_PORT = 15006;

  /** RFC 4193 prefix that exists inside the bed's namespaces only. */
  private static final String V6_PREFIX = "fd53:686e:7470::";

  private static final int ROOT_UID = 0;
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(20);

  private final SceneName name;
  private final SceneDirectory directory;
  private final CgroupTree cgroup;
  private final PodNetwork network;
  private final PodNetwork.PodNamespace server;
  private final PodNetwork.PodNamespace client;
  private final Teardown teardown;
  private int commands;
  private int runs;

  private PeerBed(SceneName name, Teardown teardown) {
    this.name = name;
    this.teardown = teardown;
    directory = teardown.add(SceneDirectory.create(name.toString()));
    cgroup = teardown.add(CgroupTree.create(name.toString()));
    network = teardown.add(PodNetwork.create(name.toString()));
    server = network.addPod("server");
    client = network.addPod("client");
    command(
        "ip",
        "-netns",
        server.name(),
        "address",
        "add",
        V6_PREFIX + "1/64",
        "dev",
        "eth0",
        "nodad");
    command(
        "ip",
        "-netns",
        client.name(),
        "address",
        "add",
        V6_PREFIX + "2/64",
        "dev",
        "eth0",
        "nodad");
    for (String filter : List.of("iptables", "ip6tables")) {
      inServer(
          filter,
          "-w",
          "-t",
          "nat",
          "-A",
          "OUTPUT",
          "-p",
          "tcp",
          "--dport",
          REDIRECTED_PORT + ":" + SECOND_REDIRECTED_PORT,
          "-j",
          "REDIRECT",
          "--to-ports",
          String.valueOf(LISTENER_PORT));
    }
    setting("net.ipv4.tcp_fastopen", "3");
  }

  /**
   * Makes the bed.
   *
   * @param kind part of every name, lower-case letters
   * @throws SceneException when this host cannot have it; what was made is removed
   */
  public static PeerBed make(String kind) {
    SceneRequirements.check();
    Teardown teardown = new Teardown();
    try {
      return new PeerBed(SceneName.fresh(kind), teardown);
    } catch (RuntimeException e) {
      teardown.close();
      throw e;
    }
  }

  /** Part of the name of everything that belongs to the bed. */
  public SceneName name() {
    return name;
  }

  /** Removed with the bed. */
  public Path directory() {
    return directory.path();
  }

  /** Holds every process of the bed. */
  public CgroupTree cgroup() {
    return cgroup;
  }

  /**
   * Runs something in a cgroup and a directory of its own; what is left in the cgroup is killed.
   */
  <T> T run(Function<CaseStage, T> body) {
    String run = "run-" + runs++;
    try (CgroupTree own = cgroup.child(run)) {
      return body.apply(new CaseStage(this, own, directory.folder(run, ROOT_UID)));
    }
  }

  /** What a node of this bed covers, and accelerates. */
  NodePlace place() {
    return new NodePlace(
        name.toString(),
        directory(),
        cgroup,
        namespaces(),
        namespace -> NodeHost.policy(namespace, "accelerate"));
  }

  /** Namespaces of both ends; single-namespace routes use the first only. */
  public List<String> namespaces() {
    return List.of(server.name(), client.name());
  }

  /** A pod in the server's namespace, with a cgroup of its own within the bed's. */
  public Pod serverPod(String podName) {
    return new Pod(podName, server, teardown.add(cgroup.child(podName)), directory);
  }

  /** Sets a kernel setting of the server's network namespace. */
  public void setting(String key, String value) {
    inServer("sysctl", "-q", "-w", key + "=" + value);
  }

  /** The command line that becomes {@code argv} inside the server's network namespace. */
  public List<String> inServerNamespace(List<String> argv) {
    return inNamespace(server.name(), argv);
  }

  /** The command line that becomes {@code argv} inside the client's network namespace. */
  public List<String> inClientNamespace(List<String> argv) {
    return inNamespace(client.name(), argv);
  }

  /** The command line that becomes {@code argv} where the node's ends of both veths are. */
  public List<String> inNodeNamespace(List<String> argv) {
    return inNamespace(network.nodeNamespace(), argv);
  }

  private static List<String> inNamespace(String namespace, List<String> argv) {
    List<String> entered =
        new ArrayList<>(
            List.of(SceneRequirements.program("nsenter"), "--net=" + namespacePath(namespace)));
    entered.addAll(argv);
    return entered;
  }

  /** IPv4 address of the server that both namespaces reach. */
  public String serverAddress() {
    return server.address();
  }

  /** Options of the peers that make them take the variant's route. */
  List<String> routeOptions(PeerVariant variant) {
    String loopback = variant.family() == PeerVariant.Family.V6 ? "[::1]" : "127.0.0.1";
    return switch (variant.route()) {
      case LOOPBACK -> List.of();
      case REDIRECTED ->
          List.of(
              "--listen", loopback + ":" + LISTENER_PORT,
              "--connect", loopback + ":" + REDIRECTED_PORT,
              "--connect2", loopback + ":" + SECOND_REDIRECTED_PORT);
      case CROSS ->
          List.of(
              "--listen",
              serverAddress(variant) + ":0",
              "--client-netns",
              namespacePath(client.name()));
    };
  }

  private String serverAddress(PeerVariant variant) {
    return variant.family() == PeerVariant.Family.V6 ? "[" + V6_PREFIX + "1]" : server.address();
  }

  private static String namespacePath(String namespace) {
    return "/run/netns/" + namespace;
  }

  private void inServer(String... argv) {
    run(inServerNamespace(List.of(argv)));
  }

  /**
   * Runs a short command of the host that has to succeed.
   *
   * @throws SceneException when it does not
   */
  public void command(String... argv) {
    run(List.of(argv));
  }

  private void run(List<String> argv) {
    Path log = directory.path().resolve("command-" + commands++ + ".log");
    SceneProcess process = SceneProcess.start(argv.get(0), argv, log);
    if (process.awaitExit(COMMAND_LIMIT) != 0) {
      throw new SceneException("run " + String.join(" ", argv) + " failed: " + process.logTail());
    }
  }

  @Override
  public void close() {
    teardown.close();
  }
}
