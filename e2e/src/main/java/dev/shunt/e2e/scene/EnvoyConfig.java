package dev.shunt.e2e.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A static Envoy configuration: listeners, each bound to one cluster. Immutable; {@link #yaml}
 * renders it.
 *
 * @param listeners in the order of the file
 * @param clusters every cluster that a listener names
 */
public record EnvoyConfig(List<Listener> listeners, List<Cluster> clusters) {
  private static final String TYPE = "type.googleapis.com/envoy.extensions.";

  /**
   * On connections with {@link Trait#ORIGINAL_SOURCE}; netfilter has to route their answers back.
   */
  public static final int TRANSPARENT_MARK = 1337;

  public EnvoyConfig {
    listeners = List.copyOf(listeners);
    clusters = List.copyOf(clusters);
  }

  /** How a listener treats a connection. */
  public enum Trait {
    /** Reads the address that the client wanted before REDIRECT (SO_ORIGINAL_DST). */
    ORIGINAL_DESTINATION,
    /** Hands the connection to the listener of that address, as Istio's port 15001 does. */
    HAND_OFF,
    /** Has no socket: gets connections by hand-off only. */
    UNBOUND,
    /** Accepts connections to any address that TPROXY hands it (IP_TRANSPARENT). */
    TRANSPARENT,
    /** Connects upstream from the client's own address, as a transparent proxy does. */
    ORIGINAL_SOURCE
  }

  /** What a listener makes of the bytes. */
  public enum Proxying {
    /** HTTP/1.1, HTTP/2 and gRPC, whatever the client begins with. */
    HTTP,
    /** Opaque bytes. */
    TCP
  }

  /**
   * One listener.
   *
   * @param name unique name
   * @param addresses to bind, one socket each; no names
   * @param port TCP port
   * @param traits how it treats connections
   * @param proxying what it makes of the bytes
   * @param cluster name of the cluster that gets all of its traffic
   * @param tls that clients have to speak
   */
  public record Listener(
      String name,
      List<String> addresses,
      int port,
      Set<Trait> traits,
      Proxying proxying,
      String cluster,
      Optional<EnvoyTls> tls) {
    public Listener {
      addresses = List.copyOf(addresses);
      traits = Set.copyOf(traits);
    }

    /** A bound HTTP listener on every IPv4 address. */
    public static Listener http(String name, int port, Set<Trait> traits, String cluster) {
      return new Listener(
          name, List.of("0.0.0.0"), port, traits, Proxying.HTTP, cluster, Optional.empty());
    }
  }

  /**
   * One upstream. It is spoken to in the protocol of the downstream connection.
   *
   * @param name unique name
   * @param endpoint {@code address:port}, or empty for the connection's original destination
   * @param sources addresses that its connections come from, one a family; none: the kernel chooses
   * @param tls that it speaks
   */
  public record Cluster(
      String name, Optional<String> endpoint, List<String> sources, Optional<EnvoyTls> tls) {
    public Cluster {
      sources = List.copyOf(sources);
    }

    /** In clear text, from whatever address the kernel chooses. */
    public Cluster(String name, Optional<String> endpoint) {
      this(name, endpoint, List.of(), Optional.empty());
    }
  }

  /** The configuration file. */
  public String yaml() {
    List<String> lines = new ArrayList<>();
    lines.add("static_resources:");
    lines.add("  listeners:");
    listeners.forEach(listener -> lines.addAll(listener(listener)));
    lines.add("  clusters:");
    clusters.forEach(cluster -> lines.addAll(cluster(cluster)));
    lines.add("");
    return String.join("\n", lines);
  }

  private static List<String> listener(Listener listener) {
    List<String> lines = new ArrayList<>();
    lines.add("  - name: " + listener.name());
    lines.addAll(addresses(listener));
    if (listener.traits().contains(Trait.HAND_OFF)) {
      lines.add("    use_original_dst: true");
    }
    lines.addAll(listenerFilters(listener.traits()));
    if (listener.traits().contains(Trait.UNBOUND)) {
      lines.add("    bind_to_port: false");
    }
    if (listener.traits().contains(Trait.TRANSPARENT)) {
      lines.add("    transparent: true");
    }
    lines.add("    filter_chains:");
    lines.add("    - filters:");
    lines.addAll(listener.proxying() == Proxying.HTTP ? http(listener) : tcp(listener));
    listener.tls().ifPresent(tls -> lines.addAll(indented("      ", tls.acceptingSocket())));
    return lines;
  }

  private static List<String> addresses(Listener listener) {
    List<String> sockets =
        listener.addresses().stream().map(each -> socketAddress(each, listener.port())).toList();
    return firstAndMore("    address: ", "    additional_addresses:", "    - address: ", sockets);
  }

  private static List<String> listenerFilters(Set<Trait> traits) {
    List<String> lines = new ArrayList<>();
    if (traits.contains(Trait.ORIGINAL_DESTINATION)) {
      lines.add("    - name: envoy.filters.listener.original_dst");
      lines.add("      typed_config:");
      lines.add("        \"@type\": " + TYPE + "filters.listener.original_dst.v3.OriginalDst");
    }
    if (traits.contains(Trait.ORIGINAL_SOURCE)) {
      lines.add("    - name: envoy.filters.listener.original_src");
      lines.add("      typed_config:");
      lines.add("        \"@type\": " + TYPE + "filters.listener.original_src.v3.OriginalSrc");
      lines.add("        mark: " + TRANSPARENT_MARK);
    }
    if (!lines.isEmpty()) {
      lines.add(0, "    listener_filters:");
    }
    return lines;
  }

  private static List<String> indented(String indent, List<String> lines) {
    return lines.stream().map(line -> indent + line).toList();
  }

  private static List<String> http(Listener listener) {
    String manager = "filters.network.http_connection_manager.v3.HttpConnectionManager";
    return List.of(
        "      - name: envoy.filters.network.http_connection_manager",
        "        typed_config:",
        "          \"@type\": " + TYPE + manager,
        "          stat_prefix: " + listener.name(),
        "          codec_type: AUTO",
        "          route_config:",
        "            virtual_hosts:",
        "            - name: all",
        "              domains: ['*']",
        "              routes:",
        "              - match: {prefix: /}",
        "                route: {cluster: " + listener.cluster() + ", timeout: 0s}",
        "          http_filters:",
        "          - name: envoy.filters.http.router",
        "            typed_config:",
        "              \"@type\": " + TYPE + "filters.http.router.v3.Router");
  }

  private static List<String> tcp(Listener listener) {
    return List.of(
        "      - name: envoy.filters.network.tcp_proxy",
        "        typed_config:",
        "          \"@type\": " + TYPE + "filters.network.tcp_proxy.v3.TcpProxy",
        "          stat_prefix: " + listener.name(),
        "          cluster: " + listener.cluster());
  }

  private static List<String> cluster(Cluster cluster) {
    String options = "upstreams.http.v3.HttpProtocolOptions";
    List<String> lines = new ArrayList<>();
    lines.addAll(
        List.of(
            "  - name: " + cluster.name(),
            "    connect_timeout: 5s",
            "    typed_extension_protocol_options:",
            "      envoy.extensions." + options + ":",
            "        \"@type\": " + TYPE + options,
            "        use_downstream_protocol_config:",
            "          http_protocol_options: {}",
            "          http2_protocol_options: {}"));
    lines.addAll(cluster.endpoint().map(e -> endpoint(cluster, e)).orElse(ORIGINAL));
    lines.addAll(sources(cluster.sources()));
    cluster.tls().ifPresent(tls -> lines.addAll(indented("    ", tls.connectingSocket())));
    return lines;
  }

  private static List<String> sources(List<String> sources) {
    List<String> addresses =
        sources.stream().map(each -> "{address: \"" + each + "\", port_value: 0}").toList();
    return firstAndMore(
        "    upstream_bind_config:\n      source_address: ",
        "      extra_source_addresses:",
        "      - address: ",
        addresses);
  }

  /** Envoy has one field for the first address and a list for what comes with it. */
  private static List<String> firstAndMore(
      String first, String list, String item, List<String> values) {
    List<String> lines = new ArrayList<>();
    for (String value : values) {
      lines.add((lines.isEmpty() ? first : item) + value);
    }
    if (values.size() > 1) {
      lines.add(1, list);
    }
    return lines;
  }

  private static final List<String> ORIGINAL =
      List.of("    type: ORIGINAL_DST", "    lb_policy: CLUSTER_PROVIDED");

  private static List<String> endpoint(Cluster cluster, String endpoint) {
    int colon = endpoint.lastIndexOf(':');
    String address = endpoint.substring(0, colon);
    return List.of(
        "    type: STATIC",
        "    load_assignment:",
        "      cluster_name: " + cluster.name(),
        "      endpoints:",
        "      - lb_endpoints:",
        "        - endpoint:",
        "            address: "
            + socketAddress(address, Integer.parseInt(endpoint.substring(colon + 1))));
  }

  private static String socketAddress(String address, int port) {
    return "{socket_address: {address: \"" + address + "\", port_value: " + port + "}}";
  }

  /** The ports that have a socket. */
  Set<Integer> boundPorts() {
    return listeners.stream()
        .filter(listener -> !listener.traits().contains(Trait.UNBOUND))
        .map(Listener::port)
        .collect(Collectors.toUnmodifiableSet());
  }
}
