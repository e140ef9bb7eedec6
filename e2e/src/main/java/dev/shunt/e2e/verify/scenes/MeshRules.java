package dev.shunt.e2e.verify.scenes;

import static dev.shunt.e2e.scene.EnvoyConfig.TRANSPARENT_MARK;

import dev.shunt.e2e.scene.Pod;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneUnavailableException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The netfilter rules that the meshes install in a pod, as their own installers write them. Pure
 * but for {@link #install}; the rules go with the pod's namespace.
 */
final class MeshRules {
  /** A port that Linkerd's rules leave alone, such as a database's whose server speaks first. */
  static final int SKIPPED_PORT = 4567;

  /** Routing table of Istio's installer for what TPROXY marked. */
  private static final String TABLE = "133";

  private MeshRules() {}

  /**
   * Installs the rules of a mesh.
   *
   * @throws SceneUnavailableException this kernel cannot have them; the message says which
   */
  static void install(Pod pod, Mesh mesh, Family family) {
    try {
      if (family.has4()) {
        pod.addRules("iptables-restore", rules(mesh, "127.0.0.1/32", "127.0.0.6/32"));
      }
      if (family.has6()) {
        pod.addRules("ip6tables-restore", rules(mesh, "::1/128", "::6/128"));
        pod.ip("address", "add", "::6/128", "dev", "lo", "nodad"); // Istio's installer does so too
      }
      if (mesh.isTransparent()) {
        routeMarked(pod, family);
      }
    } catch (SceneException e) {
      throw new SceneUnavailableException(
          "capture traffic as " + mesh.title() + " failed: " + e.getMessage());
    }
  }

  private static void routeMarked(Pod pod, Family family) {
    for (String version : family.ipOptions()) {
      String all = version.equals("-4") ? "0.0.0.0/0" : "::/0";
      String mark = Integer.toString(TRANSPARENT_MARK);
      pod.ip(version, "rule", "add", "fwmark", mark, "lookup", TABLE);
      pod.ip(version, "route", "add", "local", all, "dev", "lo", "table", TABLE);
    }
  }

  /**
   * What iptables-restore or ip6tables-restore reads.
   *
   * @param localhost of the family, with its prefix length
   * @param proxySource that the inbound proxy connects to the application from
   */
  static String rules(Mesh mesh, String localhost, String proxySource) {
    List<String> lines = new ArrayList<>();
    switch (mesh) {
      case ISTIO -> istio(lines, localhost, proxySource);
      case ISTIO_TPROXY -> istioTproxy(lines, localhost, proxySource);
      case LINKERD -> linkerd(lines);
      case KUMA -> kuma(lines, localhost, proxySource);
    }
    return String.join("\n", lines) + "\nCOMMIT\n";
  }

  private static void istio(List<String> rules, String localhost, String proxySource) {
    Collections.addAll(
        rules,
        "*nat",
        ":ISTIO_INBOUND - [0:0]",
        ":ISTIO_IN_REDIRECT - [0:0]",
        "-A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports " + Mesh.ISTIO.inboundPort(),
        "-A PREROUTING -p tcp -j ISTIO_INBOUND",
        "-A ISTIO_INBOUND -p tcp -m multiport --dports 15008,15020,15021,15090 -j RETURN",
        "-A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT");
    istioOutbound(
        rules,
        localhost,
        List.of(
            "-A ISTIO_OUTPUT -s " + proxySource + " -o lo -j RETURN",
            // what the application sends to its own service leaves the proxy and comes back inbound
            "-A ISTIO_OUTPUT ! -d "
                + localhost
                + " -o lo -p tcp -m owner --uid-owner 1337 -j ISTIO_IN_REDIRECT"));
  }

  private static void istioTproxy(List<String> rules, String localhost, String proxySource) {
    String mark = Integer.toString(TRANSPARENT_MARK);
    Collections.addAll(
        rules,
        "*mangle",
        ":ISTIO_INBOUND - [0:0]",
        ":ISTIO_TPROXY - [0:0]",
        ":ISTIO_DIVERT - [0:0]",
        "-A ISTIO_DIVERT -j MARK --set-mark " + mark,
        "-A ISTIO_DIVERT -j ACCEPT",
        "-A ISTIO_TPROXY ! -d "
            + localhost
            + " -p tcp -j TPROXY --tproxy-mark "
            + mark
            + "/0xffffffff --on-port "
            + Mesh.ISTIO_TPROXY.inboundPort(),
        "-A PREROUTING -p tcp -j ISTIO_INBOUND",
        // the proxy's marked connections to the application, whose answers have to come back
        "-A PREROUTING -p tcp -m mark --mark " + mark + " -j CONNMARK --save-mark",
        "-A OUTPUT -p tcp -m connmark --mark " + mark + " -j CONNMARK --restore-mark",
        "-A ISTIO_INBOUND -p tcp -s " + proxySource + " -i lo -j RETURN",
        "-A ISTIO_INBOUND -p tcp -i lo -j RETURN",
        "-A ISTIO_INBOUND -p tcp -m mark --mark " + mark + " -j RETURN",
        "-A ISTIO_INBOUND -p tcp -m conntrack --ctstate RELATED,ESTABLISHED -j ISTIO_DIVERT",
        "-A ISTIO_INBOUND -p tcp -j ISTIO_TPROXY",
        "COMMIT",
        "*nat");
    istioOutbound(rules, localhost, List.of());
  }

  private static void istioOutbound(List<String> rules, String localhost, List<String> own) {
    Collections.addAll(
        rules,
        ":ISTIO_REDIRECT - [0:0]",
        ":ISTIO_OUTPUT - [0:0]",
        "-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports " + Mesh.ISTIO.outboundPort(),
        "-A OUTPUT -p tcp -j ISTIO_OUTPUT");
    rules.addAll(own);
    Collections.addAll(
        rules,
        "-A ISTIO_OUTPUT -o lo -m owner ! --uid-owner 1337 -j RETURN",
        "-A ISTIO_OUTPUT -m owner --uid-owner 1337 -j RETURN",
        "-A ISTIO_OUTPUT -d " + localhost + " -j RETURN",
        "-A ISTIO_OUTPUT -j ISTIO_REDIRECT");
  }

  private static void linkerd(List<String> rules) {
    String skipped = " -p tcp -m multiport --dports 4190,4191," + SKIPPED_PORT + " -j RETURN";
    Collections.addAll(
        rules,
        "*nat",
        ":PROXY_INIT_REDIRECT - [0:0]",
        ":PROXY_INIT_OUTPUT - [0:0]",
        "-A PROXY_INIT_REDIRECT" + skipped,
        "-A PROXY_INIT_REDIRECT -p tcp -j REDIRECT --to-ports " + Mesh.LINKERD.inboundPort(),
        "-A PREROUTING -j PROXY_INIT_REDIRECT",
        "-A PROXY_INIT_OUTPUT -m owner --uid-owner " + Mesh.LINKERD.uid() + " -j RETURN",
        "-A PROXY_INIT_OUTPUT -o lo -j RETURN",
        "-A PROXY_INIT_OUTPUT" + skipped,
        "-A PROXY_INIT_OUTPUT -p tcp -j REDIRECT --to-ports " + Mesh.LINKERD.outboundPort(),
        "-A OUTPUT -j PROXY_INIT_OUTPUT");
  }

  private static void kuma(List<String> rules, String localhost, String proxySource) {
    String proxy = " -m owner --uid-owner " + Mesh.KUMA.uid();
    String others = " -m owner ! --uid-owner " + Mesh.KUMA.uid();
    Collections.addAll(
        rules,
        "*nat",
        ":MESH_INBOUND - [0:0]",
        ":MESH_INBOUND_REDIRECT - [0:0]",
        ":MESH_OUTBOUND - [0:0]",
        ":MESH_OUTBOUND_REDIRECT - [0:0]",
        "-A PREROUTING -p tcp -j MESH_INBOUND",
        "-A OUTPUT -p tcp -j MESH_OUTBOUND",
        "-A MESH_INBOUND -p tcp -j MESH_INBOUND_REDIRECT",
        "-A MESH_INBOUND_REDIRECT -p tcp -j REDIRECT --to-ports " + Mesh.KUMA.inboundPort(),
        "-A MESH_OUTBOUND -s " + proxySource + " -o lo -j RETURN",
        "-A MESH_OUTBOUND -o lo ! -d "
            + localhost
            + " -p tcp"
            + proxy
            + " -j MESH_INBOUND_REDIRECT",
        "-A MESH_OUTBOUND -o lo" + others + " -j RETURN",
        "-A MESH_OUTBOUND" + proxy + " -j RETURN",
        "-A MESH_OUTBOUND -d " + localhost + " -j RETURN",
        "-A MESH_OUTBOUND -j MESH_OUTBOUND_REDIRECT",
        "-A MESH_OUTBOUND_REDIRECT -p tcp -j REDIRECT --to-ports " + Mesh.KUMA.outboundPort());
  }
}
