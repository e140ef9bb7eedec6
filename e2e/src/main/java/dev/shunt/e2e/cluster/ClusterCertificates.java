package dev.shunt.e2e.cluster;

import dev.shunt.e2e.scene.SceneCommand;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneRequirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The authority of a cluster and what it signed, made with openssl, good for two days; and the key
 * that signs the tokens of service accounts. One thread.
 */
public final class ClusterCertificates {
  private static final String DAYS = "2";
  private static final String RSA = "rsa:2048";

  private final Path folder;

  /**
   * A certificate and its key. Immutable.
   *
   * @param certificate PEM file
   * @param key PEM file
   */
  public record Pair(Path certificate, Path key) {}

  private ClusterCertificates(Path folder) {
    this.folder = folder;
  }

  /** Makes the authority in a folder of its own that only root can read. */
  static ClusterCertificates create(SceneDirectory directory) {
    ClusterCertificates made = new ClusterCertificates(directory.folder("certificates", 0));
    made.openssl(
        "req",
        "-x509",
        "-newkey",
        RSA,
        "-nodes",
        "-batch",
        "-subj",
        "/CN=shunt-test",
        "-days",
        DAYS,
        "-keyout",
        made.file("ca.key"),
        "-out",
        made.file("ca.pem"));
    made.openssl("genrsa", "-out", made.file("accounts.key"), "2048");
    made.openssl(
        "rsa", "-in", made.file("accounts.key"), "-pubout", "-out", made.file("accounts.pub"));
    return made;
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  /** The authority. */
  public Pair authority() {
    return new Pair(folder.resolve("ca.pem"), folder.resolve("ca.key"));
  }

  /** The key pair of tokens; the public half stands in for a certificate. */
  Pair accounts() {
    return new Pair(folder.resolve("accounts.pub"), folder.resolve("accounts.key"));
  }

  /**
   * Signs a certificate for a client.
   *
   * @param file name without an ending
   * @param user Kubernetes reads it from the common name
   * @param group and this from the organisation
   */
  Pair client(String file, String user, String group) {
    return sign(file, "/O=" + group + "/CN=" + user, "extendedKeyUsage=clientAuth\n");
  }

  /**
   * Signs a certificate for a server that is reached under these names ({@code DNS:}, {@code IP:}).
   */
  Pair server(String file, List<String> names) {
    return sign(
        file,
        "/CN=" + file,
        "extendedKeyUsage=serverAuth\nsubjectAltName=" + String.join(",", names) + "\n");
  }

  private Pair sign(String name, String subject, String extensions) {
    Pair pair = new Pair(folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
    String request = file(name + ".csr");
    Path extensionFile = folder.resolve(name + ".ext");
    try {
      Files.writeString(extensionFile, extensions);
    } catch (IOException e) {
      throw new SceneException("write " + extensionFile + " failed: " + e, e);
    }
    openssl(
        "req",
        "-newkey",
        RSA,
        "-nodes",
        "-batch",
        "-subj",
        subject,
        "-keyout",
        pair.key().toString(),
        "-out",
        request);
    openssl(
        "x509",
        "-req",
        "-in",
        request,
        "-CA",
        file("ca.pem"),
        "-CAkey",
        file("ca.key"),
        "-CAcreateserial",
        "-days",
        DAYS,
        "-extfile",
        extensionFile.toString(),
        "-out",
        pair.certificate().toString());
    return pair;
  }

  private void openssl(String... arguments) {
    List<String> argv = new ArrayList<>(List.of(SceneRequirements.program("openssl")));
    argv.addAll(List.of(arguments));
    SceneCommand.run(argv);
  }
}
