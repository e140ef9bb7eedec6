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
    UNBOUND
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
   * @param address IPv4 address to bind
   * @param port TCP port
   * @param traits how it treats connections
   * @param proxying what it makes of the bytes
   * @param cluster name of the cluster that gets all of its traffic
   */
  public record Listener(
      String name, String address, int port, Set<Trait> traits, Proxying proxying, String cluster) {
    public Listener {
      traits = Set.copyOf(traits);
    }

    /** A bound HTTP listener on every address. */
    public static Listener http(String name, int port, Set<Trait> traits, String cluster) {
      return new Listener(name, "0.0.0.0", port, traits, Proxying.HTTP, cluster);
    }
  }

  /**
   * One upstream. It is spoken to in the protocol of the downstream connection.
   *
   * @param name unique name
   * @param endpoint {@code address:port}, or empty for the connection's original destination
   */
  public record Cluster(String name, Optional<String> endpoint) {}

  /** The configuration file. */
  String yaml() {
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
    lines.add("    address: " + socketAddress(listener.address(), listener.port()));
    if (listener.traits().contains(Trait.HAND_OFF)) {
      lines.add("    use_original_dst: true");
    } else if (listener.traits().contains(Trait.ORIGINAL_DESTINATION)) {
      lines.add("    listener_filters:");
      lines.add("    - name: envoy.filters.listener.original_dst");
      lines.add("      typed_config:");
      lines.add("        \"@type\": " + TYPE + "filters.listener.original_dst.v3.OriginalDst");
    }
    if (listener.traits().contains(Trait.UNBOUND)) {
      lines.add("    bind_to_port: false");
    }
    lines.add("    filter_chains:");
    lines.add("    - filters:");
    lines.addAll(listener.proxying() == Proxying.HTTP ? http(listener) : tcp(listener));
    return lines;
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
    return lines;
  }

  private static final List<String> ORIGINAL =
      List.of("    type: ORIGINAL_DST", "    lb_policy: CLUSTER_PROVIDED");

  private static List<String> endpoint(Cluster cluster, String endpoint) {
    String[] parts = endpoint.split(":", 2);
    return List.of(
        "    type: STATIC",
        "    load_assignment:",
        "      cluster_name: " + cluster.name(),
        "      endpoints:",
        "      - lb_endpoints:",
        "        - endpoint:",
        "            address: " + socketAddress(parts[0], Integer.parseInt(parts[1])));
  }

  private static String socketAddress(String address, int port) {
    return "{socket_address: {address: " + address + ", port_value: " + port + "}}";
  }

  /** The ports that have a socket. */
  Set<Integer> boundPorts() {
    return listeners.stream()
        .filter(listener -> !listener.traits().contains(Trait.UNBOUND))
        .map(Listener::port)
        .collect(Collectors.toUnmodifiableSet());
  }
}
