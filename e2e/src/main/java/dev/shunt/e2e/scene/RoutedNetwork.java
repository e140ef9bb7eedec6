package dev.shunt.e2e.scene;

import static dev.shunt.e2e.scene.PodNetwork.ip;
import static dev.shunt.e2e.scene.PodNetwork.sysctl;

import dev.shunt.e2e.scene.PodNetwork.PodNamespace;
import java.util.ArrayList;
import java.util.List;

/**
 * The network of one machine as a routing CNI plug-in makes it: a namespace that stands for the
 * host, a pod's namespace behind each of its veths, and an uplink to a namespace that stands for
 * another machine. IPv4 and IPv6 everywhere. Nothing of it is in the host's own namespace. One
 * thread; {@link #close} removes all of it, also from a shutdown hook.
 */
public final class RoutedNetwork implements AutoCloseable {
  /** Device of the host's namespace that leads to the other machine. */
  public static final String UPLINK = "uplink";

  /** Private addresses (RFC 1918, RFC 4193) that exist inside the scene's namespaces only. */
  private static final String PODS = "10.83.17.";

  private static final String PODS6 = "fd53:686e:7470:17::";
  private static final String HOSTS = "10.83.18.";
  private static final String HOSTS6 = "fd53:686e:7470:18::";

  /** Every pod's gateway: link-local (RFC 3927, RFC 4291), the same on each veth. */
  private static final String GATEWAY = "169.254.1.1";

  private static final String GATEWAY6 = "fe80::1";
  private static final int MAX_PODS = 200;

  private final String prefix;
  private final List<String> namespaces = new ArrayList<>();
  private final Place host;
  private final Place machine;
  private int pods;

  /**
   * A namespace and its addresses. Immutable.
   *
   * @param namespace name and IPv4 address
   * @param address6 IPv6 address, without brackets
   */
  public record Place(PodNamespace namespace, String address6) {}

  private RoutedNetwork(String prefix) {
    this.prefix = prefix;
    host = new Place(new PodNamespace(prefix + "-node", HOSTS + "1"), HOSTS6 + "1");
    machine = new Place(new PodNamespace(prefix + "-machine", HOSTS + "2"), HOSTS6 + "2");
  }

  /**
   * Makes the host's namespace and the other machine's.
   *
   * @param prefix start of every namespace name, unique on this host
   */
  public static RoutedNetwork create(String prefix) {
    RoutedNetwork network = new RoutedNetwork(prefix);
    try {
      network.build();
      return network;
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  private void build() {
    String here = host.namespace().name();
    String there = machine.namespace().name();
    addNamespace(here);
    addNamespace(there);
    sysctl(here, "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
    ip(here, "link", "add", UPLINK, "type", "veth", "peer", "name", "eth0", "netns", there);
    address(host, UPLINK, "/24", "/64");
    address(machine, "eth0", "/24", "/64");
    ip(there, "route", "add", "default", "via", host.namespace().address());
    ip(there, "-6", "route", "add", "default", "via", host.address6());
  }

  private void address(Place place, String device, String length, String length6) {
    String namespace = place.namespace().name();
    ip(namespace, "address", "add", place.namespace().address() + length, "dev", device);
    ip(namespace, "address", "add", place.address6() + length6, "dev", device, "nodad");
    ip(namespace, "link", "set", device, "up");
  }

  /** The namespace that stands for the host; pods with hostNetwork live in it. */
  public Place host() {
    return host;
  }

  /** The namespace that stands for another machine, behind {@link #UPLINK}. */
  public Place machine() {
    return machine;
  }

  /** Makes a pod's namespace with {@code lo} and {@code eth0} up and addressed. */
  public Place addPod(String podName) {
    if (pods >= MAX_PODS) {
      throw new SceneException("add pod " + podName + " failed: over " + MAX_PODS + " pods");
    }
    pods++;
    int number = 10 + pods;
    String pod = prefix + "-" + podName;
    Place place = new Place(new PodNamespace(pod, PODS + number), PODS6 + number);
    String here = host.namespace().name();
    String device = "veth" + pods;
    addNamespace(pod);
    ip(here, "link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", pod);
    ip(here, "address", "add", GATEWAY + "/32", "dev", device, "scope", "link");
    ip(here, "address", "add", GATEWAY6 + "/64", "dev", device, "nodad");
    ip(here, "link", "set", device, "up");
    address(place, "eth0", "/32", "/128");
    String from = host.namespace().address();
    ip(here, "route", "add", PODS + number + "/32", "dev", device, "src", from);
    ip(here, "-6", "route", "add", PODS6 + number + "/128", "dev", device);
    ip(pod, "route", "add", GATEWAY, "dev", "eth0", "scope", "link");
    ip(pod, "route", "add", "default", "via", GATEWAY, "dev", "eth0");
    ip(pod, "-6", "route", "add", "default", "via", GATEWAY6, "dev", "eth0");
    return place;
  }

  private void addNamespace(String name) {
    SceneCommand.run(List.of(SceneRequirements.program("ip"), "netns", "add", name));
    namespaces.add(name);
    // duplicate address detection would keep addresses unusable for a second
    sysctl(name, "net.ipv6.conf.default.accept_dad=0", "net.ipv6.conf.all.accept_dad=0");
    ip(name, "link", "set", "lo", "up");
  }

  @Override
  public void close() {
    for (String namespace : List.copyOf(namespaces)) {
      PodNetwork.delete(namespace);
    }
  }
}
