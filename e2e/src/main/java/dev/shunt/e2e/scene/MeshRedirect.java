package dev.shunt.e2e.scene;

import java.util.List;

/**
 * Traffic capture of a pod as Istio's init container sets it up (istio-iptables, mode REDIRECT):
 * inbound TCP goes to the sidecar's inbound port; outbound TCP goes to its outbound port unless the
 * sidecar's own user sends it or it is addressed to localhost. No state; the rules go with the
 * pod's namespace.
 */
public final class MeshRedirect {
  private MeshRedirect() {}

  /**
   * Installs the rules.
   *
   * @throws SceneException when netfilter refuses them
   */
  public static void install(Pod pod) {
    pod.run(
        List.of(SceneRequirements.program("iptables-restore"), "--wait", "5"),
        rules(HaproxySidecar.UID, HaproxySidecar.INBOUND_PORT, HaproxySidecar.OUTBOUND_PORT));
  }

  static String rules(int sidecarUid, int inboundPort, int outboundPort) {
    return String.join(
        "\n",
        "*nat",
        ":MESH_INBOUND - [0:0]",
        ":MESH_OUTPUT - [0:0]",
        "-A PREROUTING -p tcp -j MESH_INBOUND",
        "-A MESH_INBOUND -p tcp -j REDIRECT --to-ports " + inboundPort,
        "-A OUTPUT -p tcp -j MESH_OUTPUT",
        "-A MESH_OUTPUT -m owner --uid-owner " + sidecarUid + " -j RETURN",
        "-A MESH_OUTPUT -d 127.0.0.1/32 -j RETURN",
        "-A MESH_OUTPUT -p tcp -j REDIRECT --to-ports " + outboundPort,
        "COMMIT",
        "");
  }
}
