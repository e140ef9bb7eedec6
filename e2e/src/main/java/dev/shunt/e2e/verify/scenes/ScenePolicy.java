package dev.shunt.e2e.verify.scenes;

/** The policies that a scene's node runs with. Pure. */
final class ScenePolicy {
  private ScenePolicy() {}

  /**
   * One Acceleration for a namespace: within the pod, and across pods of the node, which has to be
   * opted in. Behind a Service address a pod of this node may be found, so that any address may.
   */
  static String text(String namespace, SceneShape shape) {
    boolean translated = shape.topology() == Topology.SERVICE;
    return String.join(
        "\n",
        "apiVersion: shunt.dev/v1alpha1",
        "kind: Acceleration",
        "metadata:",
        "  name: " + namespace,
        "spec:",
        "  hostSelector:",
        "    networkNamespace: " + namespace,
        "    outboundTranslated: " + translated,
        "  mode: accelerate",
        "  paths:",
        "    samePod: true",
        "    sameNode: true",
        "");
  }
}
