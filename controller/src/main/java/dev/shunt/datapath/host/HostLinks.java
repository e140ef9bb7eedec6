package dev.shunt.datapath.host;

import dev.shunt.datapath.libbpf.LinkTable;
import dev.shunt.datapath.libbpf.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Interfaces of the node and of its pods at one moment. Immutable.
 *
 * @param links of the node
 * @param ofPods the node's ends of the pods' veths, by network namespace name
 * @param defaultRoute interfaces that default routes lead through
 */
public record HostLinks(
    List<HostLink> links, Map<String, List<HostLink>> ofPods, Set<String> defaultRoute) {
  private static final Path ROUTE_V4 = Path.of("/proc/thread-self/net/route");
  private static final Path ROUTE_V6 = Path.of("/proc/thread-self/net/ipv6_route");
  private static final String ZEROS = "0".repeat(32);
  private static final int V6_DEVICE = 9;

  /** How the frames of an interface begin. */
  public enum LinkHeader {
    /** With an Ethernet header. */
    ETHERNET,
    /** With the IP header. */
    NONE
  }

  /**
   * An interface of the node.
   *
   * @param name of the interface
   * @param ifindex of the interface
   * @param header of its frames
   */
  public record HostLink(String name, int ifindex, LinkHeader header) {}

  /** Copies the collections. */
  public HostLinks {
    links = List.copyOf(links);
    ofPods = Map.copyOf(ofPods);
    defaultRoute = Set.copyOf(defaultRoute);
  }

  /** The pod whose veth an interface of the node is the other end of; empty text for the others. */
  public String podOf(HostLink device) {
    return ofPods.entrySet().stream()
        .filter(entry -> entry.getValue().contains(device))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }

  /**
   * Looks at the network namespace of the calling thread, and at those of pods.
   *
   * @param pods namespace files by name
   */
  public static HostLinks read(Map<String, Path> pods) {
    List<LinkTable.Link> own = LinkTable.read();
    Map<String, List<HostLink>> ofPods = new TreeMap<>();
    pods.forEach((pod, file) -> ofPods.put(pod, hostEnds(own, file)));
    return new HostLinks(own.stream().map(HostLinks::of).toList(), ofPods, defaultRouteDevices());
  }

  private static HostLink of(LinkTable.Link link) {
    return new HostLink(
        link.name(), link.ifindex(), link.isEthernet() ? LinkHeader.ETHERNET : LinkHeader.NONE);
  }

  /*
   * The other end of a veth is named by its index and by its namespace: the indexes alone are those of
   * a veth of another node's pod on the same host as well.
   */
  private static List<HostLink> hostEnds(List<LinkTable.Link> own, Path pod) {
    OptionalInt namespace;
    List<LinkTable.Link> inside;
    try {
      namespace = LinkTable.namespaceId(pod);
      inside = Netns.call(pod, LinkTable::read);
    } catch (RuntimeException gone) {
      return List.of(); // removed since it was listed
    }
    List<HostLink> ends = new ArrayList<>();
    for (LinkTable.Link link : own) {
      if (namespace.isPresent()
          && link.peerNamespace().equals(namespace)
          && inside.stream().anyMatch(other -> arePair(link, other))) {
        ends.add(of(link));
      }
    }
    return ends;
  }

  private static boolean arePair(LinkTable.Link link, LinkTable.Link other) {
    return link.peerIndex() != 0
        && other.peerIndex() == link.ifindex()
        && other.ifindex() == link.peerIndex();
  }

  private static Set<String> defaultRouteDevices() {
    Set<String> devices = new TreeSet<>();
    for (String[] route : fields(ROUTE_V4)) { // device, destination, ..., mask in column 7
      if (route.length > 7 && route[1].equals("00000000") && route[7].equals("00000000")) {
        devices.add(route[0]);
      }
    }
    for (String[] route : fields(ROUTE_V6)) { // destination, prefix length, ..., device
      if (route.length > V6_DEVICE && route[0].equals(ZEROS) && route[1].equals("00")) {
        devices.add(route[V6_DEVICE]);
      }
    }
    devices.remove("lo"); // the kernel's own unreachable route
    return devices;
  }

  private static List<String[]> fields(Path table) {
    try {
      return Files.readAllLines(table).stream().map(line -> line.strip().split("\\s+")).toList();
    } catch (IOException absent) {
      return List.of(); // a kernel without the family
    }
  }
}
