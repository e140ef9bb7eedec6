package dev.shunt.e2e.cluster;

import static dev.shunt.e2e.scene.PodNetwork.ip;
import static dev.shunt.e2e.scene.PodNetwork.sysctl;

import dev.shunt.e2e.scene.PodNetwork;
import dev.shunt.e2e.scene.PodNetwork.PodNamespace;
import dev.shunt.e2e.scene.SceneCommand;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneRequirements;
import java.util.ArrayList;
import java.util.List;

/**
 * The network of a cluster: a namespace for the control plane, one for each node behind a veth, and
 * one for each pod behind its node, all routed, as a CNI plug-in without an overlay does it. IPv4
 * only. Nothing of it is in the machine's own namespace. Any thread; {@link #close} removes all of
 * it, also from a shutdown hook.
 */
public final class ClusterNetwork implements AutoCloseable {
  /** Private addresses (RFC 1918) that exist inside the cluster's namespaces only. */
  private static final String NODES = "10.83.32.";

  private static final String PODS = "10.83.";
  private static final int FIRST_POD_NET = 40;
  private static final int MAX_NODES = 20;
  private static final int MAX_PODS = 240;

  /** Where the API server is. */
  public static final String CONTROL_ADDRESS = NODES + "1";

  /** What Services get their addresses from; no interface has them. */
  public static final String SERVICES = "10.83.96.0/20";

  /** The first of {@link #SERVICES}: the Service {@code kubernetes}. */
  public static final String API_SERVICE = "10.83.96.1";

  /** Every pod's gateway: link-local (RFC 3927), the same on each veth. */
  private static final String GATEWAY = "169.254.1.1";

  private final String prefix;
  private final List<String> namespaces = new ArrayList<>();
  private int nodes;

  private ClusterNetwork(String prefix) {
    this.prefix = prefix;
  }

  /**
   * Makes the control plane's namespace.
   *
   * @param prefix start of every namespace name, unique on this host
   */
  public static ClusterNetwork create(String prefix) {
    ClusterNetwork network = new ClusterNetwork(prefix);
    try {
      network.addNamespace(network.control());
      ip(network.control(), "address", "add", CONTROL_ADDRESS + "/32", "dev", "lo");
      return network;
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  /** Name of the namespace that the control plane is in. */
  public String control() {
    return prefix + "-control";
  }

  /** Adds a node's namespace and routes to the pods it will have. */
  public synchronized NodeNetwork addNode(String name) {
    if (nodes >= MAX_NODES) {
      throw new SceneException("add node " + name + " failed: over " + MAX_NODES + " nodes");
    }
    nodes++;
    String address = NODES + (10 + nodes);
    String podNet = PODS + (FIRST_POD_NET + nodes) + ".";
    String node = prefix + "-" + name;
    addNamespace(node);
    ip(node, "link", "add", "eth0", "type", "veth", "peer", "name", name, "netns", control());
    ip(node, "address", "add", address + "/32", "dev", "eth0");
    ip(node, "link", "set", "eth0", "up");
    ip(control(), "link", "set", name, "up");
    ip(control(), "route", "add", address, "dev", name, "src", CONTROL_ADDRESS);
    ip(control(), "route", "add", podNet + "0/24", "via", address, "dev", name, "onlink");
    ip(node, "route", "add", CONTROL_ADDRESS, "dev", "eth0", "src", address);
    ip(node, "route", "add", "default", "via", CONTROL_ADDRESS, "dev", "eth0", "src", address);
    return new NodeNetwork(new PodNamespace(node, address), podNet);
  }

  /** The part of one node. Any thread. */
  public final class NodeNetwork {
    private final PodNamespace node;
    private final String podNet;
    private int pods;

    private NodeNetwork(PodNamespace node, String podNet) {
      this.node = node;
      this.podNet = podNet;
    }

    /** The node's own namespace; pods with hostNetwork live in it. */
    public PodNamespace node() {
      return node;
    }

    /** Where its pods have their addresses. */
    public String podCidr() {
      return podNet + "0/24";
    }

    /**
     * Makes a pod's namespace.
     *
     * @param name unique in the cluster
     */
    public PodNamespace addPod(String name) {
      int number = nextPod(name);
      PodNamespace pod = new PodNamespace(prefix + "-" + name, podNet + (1 + number));
      String device = "veth" + number;
      String here = node.name();
      addNamespace(pod.name());
      ip(here, "link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", pod.name());
      ip(here, "address", "add", GATEWAY + "/32", "dev", device, "scope", "link");
      ip(here, "link", "set", device, "up");
      ip(pod.name(), "address", "add", pod.address() + "/32", "dev", "eth0");
      ip(pod.name(), "link", "set", "eth0", "up");
      ip(here, "route", "add", pod.address(), "dev", device, "src", node.address());
      ip(pod.name(), "route", "add", GATEWAY, "dev", "eth0", "scope", "link");
      ip(pod.name(), "route", "add", "default", "via", GATEWAY, "dev", "eth0");
      return pod;
    }

    private synchronized int nextPod(String name) {
      if (pods >= MAX_PODS) {
        throw new SceneException("add pod " + name + " failed: over " + MAX_PODS + " on this node");
      }
      return ++pods;
    }

    /** Removes a pod's namespace with all that is in it. */
    public void removePod(PodNamespace pod) {
      synchronized (ClusterNetwork.this) {
        namespaces.remove(pod.name());
      }
      PodNetwork.delete(pod.name());
    }
  }

  private void addNamespace(String name) {
    synchronized (this) {
      namespaces.add(name);
    }
    SceneCommand.run(List.of(SceneRequirements.program("ip"), "netns", "add", name));
    sysctl(name, "net.ipv4.ip_forward=1");
    ip(name, "link", "set", "lo", "up");
  }

  @Override
  public void close() {
    List<String> all;
    synchronized (this) {
      all = List.copyOf(namespaces);
    }
    all.forEach(PodNetwork::delete);
  }
}
