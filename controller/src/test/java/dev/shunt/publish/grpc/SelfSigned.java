package dev.shunt.publish.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;

/** Certificates for localhost that sign themselves, made by the JDK's keytool. Stateless. */
public final class SelfSigned {
  /** Of the key stores. */
  public static final String PASSWORD = "not-a-secret";

  private SelfSigned() {}

  /** Makes {@code NAME.p12}, {@code NAME.crt} and {@code NAME.key}. */
  public static void make(Path directory, String name) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "it",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:localhost",
                "-keystore",
                directory.resolve(name + ".p12").toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore keys = keys(directory, name);
    byte[] key = keys.getKey("it", PASSWORD.toCharArray()).getEncoded();
    pem(directory.resolve(name + ".crt"), "CERTIFICATE", keys.getCertificate("it").getEncoded());
    pem(directory.resolve(name + ".key"), "PRIVATE KEY", key);
  }

  /** Reads {@code NAME.p12}. */
  public static KeyStore keys(Path directory, String name) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(directory.resolve(name + ".p12"))) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private static void pem(Path file, String type, byte[] content) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    Files.writeString(
        file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, body, type));
  }
}
