package dev.shunt.e2e.demo;

import java.util.List;

/** The policy that a demo's node runs with. Pure. */
final class DemoPolicy {
  private DemoPolicy() {}

  /**
   * One Acceleration per namespace, in {@code mode}: within a pod, and between pods of the node.
   */
  static String text(List<String> namespaces, String mode) {
    StringBuilder text = new StringBuilder();
    for (String namespace : namespaces) {
      text.append(
          String.join(
              "\n",
              "---",
              "apiVersion: shunt.dev/v1alpha1",
              "kind: Acceleration",
              "metadata:",
              "  name: " + namespace,
              "spec:",
              "  hostSelector:",
              "    networkNamespace: " + namespace,
              "    outboundIntercepted: true",
              "  mode: " + mode,
              "  paths:",
              "    samePod: true",
              "    sameNode: true",
              ""));
    }
    return text.toString();
  }
}
