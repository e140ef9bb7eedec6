package dev.shunt.e2e.cluster;

import dev.shunt.e2e.cluster.ClusterCertificates.Pair;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/**
 * Writes kubeconfig files. Immutable.
 *
 * @param server URL of the API server
 * @param authority that signed its certificate, PEM
 */
record Kubeconfig(String server, Path authority) {
  private static final int ROOT_UID = 0;

  /** For a client that shows a certificate. */
  Path withCertificate(Path file, Pair pair) {
    return write(
        file,
        "    client-certificate-data: " + encoded(pair.certificate()),
        "    client-key-data: " + encoded(pair.key()));
  }

  /** For a client that shows a bearer token. */
  Path withToken(Path file, String token) {
    return write(file, "    token: " + token);
  }

  private Path write(Path file, String... user) {
    String text =
        String.join(
            "\n",
            "apiVersion: v1",
            "kind: Config",
            "current-context: test",
            "clusters:",
            "- name: test",
            "  cluster:",
            "    server: " + server,
            "    certificate-authority-data: " + encoded(authority),
            "contexts:",
            "- name: test",
            "  context: {cluster: test, user: test}",
            "users:",
            "- name: test",
            "  user:",
            String.join("\n", user),
            "");
    return SceneDirectory.write(file, text, ROOT_UID);
  }

  private static String encoded(Path file) {
    try {
      return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new SceneException("read " + file + " failed: " + e, e);
    }
  }
}
