package dev.shunt.e2e.verify.scenes;

import java.util.ArrayList;
import java.util.List;

/**
 * What a scene is made of. Immutable.
 *
 * @param name for {@code --case}
 * @param mesh who captures traffic
 * @param protocol what client and application speak
 * @param security between the two sidecars
 * @param family of the addresses
 * @param topology where the ends are
 */
record SceneShape(
    String name,
    Mesh mesh,
    Protocol protocol,
    Security security,
    Family family,
    Topology topology) {
  /** What the sidecars speak with each other. */
  enum Security {
    CLEAR,
    /** TLS with certificates on both sides. */
    MTLS
  }

  /** A port of the application that the mesh captures. */
  static final int APP_PORT = 8080;

  /** As kube-proxy has them: addresses of nobody, which only the node's rules know. */
  static final String SERVICE = "10.96.0.10";

  static final String SERVICE6 = "fd53:686e:7470:96::a";
  static final int SERVICE_PORT = 80;

  /** Where the application listens. */
  int appPort() {
    return topology == Topology.SKIPPED_PORT ? MeshRules.SKIPPED_PORT : APP_PORT;
  }

  /** One sentence. */
  String what() {
    List<String> words = new ArrayList<>(List.of(mesh.title()));
    words.add(
        switch (protocol) {
          case HTTP1 -> "HTTP/1.1";
          case HTTP2 -> "HTTP/2";
          case GRPC -> "gRPC";
          case REDIS -> "plain TCP (Redis)";
        });
    words.add(
        switch (family) {
          case V4 -> "IPv4";
          case V6 -> "IPv6";
          case DUAL -> "dual stack";
        });
    if (security == Security.MTLS) {
      words.add("mTLS between the sidecars");
    }
    switch (topology) {
      case PODS -> {}
      case SERVICE -> words.add("to a Service address (DNAT)");
      case HOST_CLIENT -> words.add("client with hostNetwork");
      case HOST_APP -> words.add("application with hostNetwork");
      case SKIPPED_PORT -> words.add("to a port that no sidecar captures");
    }
    return String.join(", ", words);
  }

  /** All scenes. */
  static List<SceneShape> all() {
    List<SceneShape> scenes = new ArrayList<>();
    SceneShape istio =
        new SceneShape(
            "istio_http1", Mesh.ISTIO, Protocol.HTTP1, Security.CLEAR, Family.V4, Topology.PODS);
    scenes.add(istio);
    scenes.add(istio.speaking("istio_http2", Protocol.HTTP2));
    scenes.add(istio.speaking("istio_grpc", Protocol.GRPC));
    scenes.add(istio.speaking("istio_tcp", Protocol.REDIS));
    scenes.add(istio.secured("istio_mtls_http1"));
    scenes.add(istio.speaking("", Protocol.HTTP2).secured("istio_mtls_http2"));
    scenes.add(istio.speaking("", Protocol.GRPC).secured("istio_mtls_grpc"));
    scenes.add(istio.speaking("", Protocol.REDIS).secured("istio_mtls_tcp"));
    scenes.add(istio.over("istio_v6_http1", Family.V6));
    scenes.add(istio.speaking("", Protocol.REDIS).over("istio_v6_tcp", Family.V6));
    scenes.add(istio.over("istio_dual_http1", Family.DUAL));
    scenes.add(istio.in("istio_tproxy_http1", Mesh.ISTIO_TPROXY));
    scenes.add(istio.over("", Family.V6).in("istio_tproxy_v6_http1", Mesh.ISTIO_TPROXY));
    scenes.add(
        istio
            .speaking("", Protocol.GRPC)
            .secured("")
            .in("istio_tproxy_mtls_grpc", Mesh.ISTIO_TPROXY));
    scenes.add(istio.placed("istio_host_client", Topology.HOST_CLIENT));
    scenes.add(istio.placed("istio_host_app", Topology.HOST_APP));
    scenes.add(istio.placed("istio_service", Topology.SERVICE));
    scenes.add(istio.over("", Family.V6).placed("istio_v6_service", Topology.SERVICE));
    scenes.add(istio.in("linkerd_http1", Mesh.LINKERD));
    scenes.add(istio.speaking("", Protocol.GRPC).secured("").in("linkerd_mtls_grpc", Mesh.LINKERD));
    scenes.add(istio.placed("", Topology.SKIPPED_PORT).in("linkerd_skipped_http1", Mesh.LINKERD));
    scenes.add(istio.in("kuma_http1", Mesh.KUMA));
    scenes.add(istio.speaking("", Protocol.HTTP2).secured("").in("kuma_mtls_http2", Mesh.KUMA));
    return List.copyOf(scenes);
  }

  private SceneShape in(String newName, Mesh other) {
    return new SceneShape(newName, other, protocol, security, family, topology);
  }

  private SceneShape speaking(String newName, Protocol other) {
    return new SceneShape(newName, mesh, other, security, family, topology);
  }

  private SceneShape secured(String newName) {
    return new SceneShape(newName, mesh, protocol, Security.MTLS, family, topology);
  }

  private SceneShape over(String newName, Family other) {
    return new SceneShape(newName, mesh, protocol, security, other, topology);
  }

  private SceneShape placed(String newName, Topology other) {
    return new SceneShape(newName, mesh, protocol, security, family, other);
  }
}
