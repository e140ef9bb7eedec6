package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.cluster.ClusterCertificates.Pair;
import dev.shunt.e2e.scene.SceneCommand;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneRequirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Certificates and keys for callers of the control plane, right ones and forged ones, made with
 * openssl. One thread.
 */
final class PlaneIdentities {
  private final ClusterStage stage;
  private final Path folder;

  PlaneIdentities(ClusterStage stage) {
    this.stage = stage;
    try {
      folder = Files.createTempDirectory(stage.cluster().directory().path(), "callers-");
    } catch (IOException e) {
      throw new SceneException("make a folder for certificates failed: " + e, e);
    }
  }

  /** The authority that the control plane keeps in its Secret. */
  Pair authority() {
    return new Pair(fromSecret("ca.crt"), fromSecret("ca.key"));
  }

  private Path fromSecret(String field) {
    String path = "jsonpath={.data." + field.replace(".", "\\.") + "}";
    String encoded =
        stage.kubectl().run("get", "secret", "-n", "shunt", "shunt-ca", "-o", path).strip();
    byte[] content = Base64.getDecoder().decode(encoded);
    Path file = folder.resolve(field);
    try {
      Files.write(file, content);
      return file;
    } catch (IOException e) {
      throw new SceneException("write " + file + " failed: " + e, e);
    }
  }

  /**
   * An authority of the same name: callers show certificates of names that the server knows only.
   */
  Pair stranger() {
    Pair pair = pair("stranger");
    openssl(
        List.of(
            "req",
            "-x509",
            "-nodes",
            "-batch",
            "-subj",
            "/CN=shunt-control-plane-ca",
            "-days",
            "1"),
        newKey(pair.key()),
        List.of("-out", pair.certificate().toString()));
    return pair;
  }

  /**
   * A certificate as the control plane makes them for a node.
   *
   * @param days from now; -1: it has ended
   */
  Pair issued(Pair authority, String name, String node, String days) {
    Pair pair = pair(name);
    Path request = folder.resolve(name + ".csr");
    openssl(
        List.of("req", "-nodes", "-batch", "-subj", "/CN=" + node),
        newKey(pair.key()),
        List.of("-out", request.toString()));
    Path extensions =
        SceneDirectory.write(
            folder.resolve(name + ".ext"),
            "subjectAltName=URI:spiffe://shunt.dev/node/"
                + node
                + "\nextendedKeyUsage=clientAuth\n",
            0);
    openssl(
        List.of("x509", "-req", "-in", request.toString(), "-days", days, "-CAcreateserial"),
        List.of("-CA", authority.certificate().toString(), "-CAkey", authority.key().toString()),
        List.of("-extfile", extensions.toString(), "-out", pair.certificate().toString()));
    return pair;
  }

  /** A fresh key and a request for it, as {@code Certify} takes it. */
  byte[] request(Path key) {
    Path request = folder.resolve("certify.der");
    openssl(
        List.of("req", "-nodes", "-batch", "-subj", "/CN=caller", "-outform", "DER"),
        newKey(key),
        List.of("-out", request.toString()));
    try {
      return Files.readAllBytes(request);
    } catch (IOException e) {
      throw new SceneException("read " + request + " failed: " + e, e);
    }
  }

  /** Where a certificate of this name and its key belong. */
  Pair pair(String name) {
    return new Pair(folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
  }

  private static List<String> newKey(Path key) {
    return List.of(
        "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-keyout", key.toString());
  }

  @SafeVarargs
  private static void openssl(List<String>... arguments) {
    List<String> argv = new ArrayList<>(List.of(SceneRequirements.program("openssl")));
    for (List<String> part : arguments) {
      argv.addAll(part);
    }
    SceneCommand.run(argv);
  }
}
