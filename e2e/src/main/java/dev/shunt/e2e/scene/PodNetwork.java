package dev.shunt.e2e.scene;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The network of one node: a namespace with a bridge, and one namespace per pod joined to it by a
 * veth pair, as a bridge CNI plug-in does it. Nothing of it is in the host's own namespace, so its
 * private addresses can clash with nothing. One thread; {@link #close} removes all of it.
 */
public final class PodNetwork implements AutoCloseable {
  /** Where ip(8) keeps named network namespaces. */
  public static final Path NAMESPACES = Path.of("/run/netns");

  /** A private /24 (RFC 1918) that exists inside the scene's namespaces only. */
  private static final String SUBNET = "10.83.17.";

  private static final int MAX_PODS = 200;

  private final String prefix;
  private final List<String> namespaces = new ArrayList<>();
  private int pods;

  private PodNetwork(String prefix) {
    this.prefix = prefix;
  }

  /** The name and the IPv4 address of a pod's network namespace. */
  public record PodNamespace(String name, String address) {}

  /**
   * Makes the bridge namespace.
   *
   * @param prefix start of every namespace name, unique on this host
   */
  public static PodNetwork create(String prefix) {
    PodNetwork network = new PodNetwork(prefix);
    try {
      network.addNamespace(network.nodeNamespace());
      ip(network.nodeNamespace(), "link", "add", "br0", "type", "bridge");
      ip(network.nodeNamespace(), "link", "set", "br0", "up");
      return network;
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  /** Name of the namespace with the bridge and the node's ends of the pods' veths. */
  public String nodeNamespace() {
    return prefix + "-node";
  }

  /** Makes a pod's namespace with {@code lo} and {@code eth0} up and addressed. */
  public PodNamespace addPod(String podName) {
    if (pods >= MAX_PODS) {
      throw new SceneException("add pod " + podName + " failed: over " + MAX_PODS + " pods");
    }
    pods++;
    String namespace = prefix + "-" + podName;
    String address = SUBNET + (10 + pods);
    String hostEnd = "veth" + pods;
    addNamespace(namespace);
    String node = nodeNamespace();
    ip(node, "link", "add", hostEnd, "type", "veth", "peer", "name", "eth0", "netns", namespace);
    ip(node, "link", "set", hostEnd, "master", "br0", "up");
    ip(namespace, "link", "set", "lo", "up");
    ip(namespace, "address", "add", address + "/24", "dev", "eth0");
    ip(namespace, "link", "set", "eth0", "up");
    return new PodNamespace(namespace, address);
  }

  private void addNamespace(String name) {
    SceneCommand.run(List.of(SceneRequirements.program("ip"), "netns", "add", name));
    namespaces.add(name);
  }

  /** The argument list that enters a named network namespace and then becomes {@code argv}. */
  public static List<String> inside(String namespace, List<String> argv) {
    List<String> entered =
        new ArrayList<>(
            List.of(
                SceneRequirements.program("nsenter"),
                "--net=" + NAMESPACES.resolve(namespace),
                "--"));
    entered.addAll(argv);
    return entered;
  }

  /** Runs ip(8) in a named network namespace. */
  public static void ip(String namespace, String... arguments) {
    List<String> argv =
        new ArrayList<>(List.of(SceneRequirements.program("ip"), "-netns", namespace));
    argv.addAll(List.of(arguments));
    SceneCommand.run(argv);
  }

  /**
   * Sets parameters of a named network namespace.
   *
   * @param settings such as {@code net.ipv4.ip_forward=1}
   */
  public static void sysctl(String namespace, String... settings) {
    List<String> argv = new ArrayList<>(List.of(SceneRequirements.program("sysctl"), "-q", "-w"));
    argv.addAll(List.of(settings));
    SceneCommand.run(inside(namespace, argv));
  }

  /** Deletes one named namespace; its interfaces go with it. Does nothing when it is gone. */
  public static void delete(String namespace) {
    if (Files.exists(NAMESPACES.resolve(namespace))) {
      SceneCommand.run(List.of(SceneRequirements.program("ip"), "netns", "delete", namespace));
    }
  }

  @Override
  public void close() {
    for (String namespace : List.copyOf(namespaces)) {
      delete(namespace);
    }
  }
}
