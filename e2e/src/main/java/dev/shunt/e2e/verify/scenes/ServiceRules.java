package dev.shunt.e2e.verify.scenes;

import dev.shunt.e2e.scene.Pod;
import dev.shunt.e2e.scene.RoutedNetwork.Place;

/**
 * The host's rules for a Service with one pod, as kube-proxy writes them in mode iptables.
 * Immutable.
 *
 * @param target the pod
 * @param shape of the scene
 */
record ServiceRules(Place target, SceneShape shape) {
  /** Installs them in the namespace that stands for the host. */
  void install(Pod host) {
    if (shape.family().has4()) {
      host.addRules("iptables-restore", rules(SceneShape.SERVICE, target.namespace().address()));
    }
    if (shape.family().has6()) {
      host.addRules("ip6tables-restore", rules(SceneShape.SERVICE6, "[" + target.address6() + "]"));
    }
  }

  private String rules(String service, String pod) {
    String match = " -d " + service + " -p tcp --dport " + SceneShape.SERVICE_PORT;
    String translation = " -j DNAT --to-destination " + pod + ":" + shape.appPort();
    return String.join(
        "\n",
        "*nat",
        "-A PREROUTING" + match + translation,
        "-A OUTPUT" + match + translation,
        "COMMIT",
        "");
  }
}
