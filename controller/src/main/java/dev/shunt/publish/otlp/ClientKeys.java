package dev.shunt.publish.otlp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;

/** The certificate that a node shows to its collector. Stateless. */
final class ClientKeys {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final String NO_KEY =
      "no PEM private key of PKCS#8 (convert it: openssl pkcs8 -topk8 -nocrypt)";

  /** Of the store in memory, which asks for one. */
  private static final char[] NO_PASSWORD = {};

  private ClientKeys() {}

  /**
   * Reads both files.
   *
   * @throws IOException one cannot be read or has something else in it, or they do not belong
   *     together, as between two writes of who renews them; the message shows nothing of the key
   */
  static KeyManagerFactory read(OtlpConfig.Client files) throws IOException {
    Certificate[] chain =
        TrustedAuthorities.certificates(files.certificate()).toArray(new Certificate[0]);
    PrivateKey key = key(files.key(), chain[0].getPublicKey().getAlgorithm());
    if (!belongTogether(key, chain[0].getPublicKey())) {
      throw new IOException(
          "read %s failed: not the key of the certificate in %s"
              .formatted(files.key(), files.certificate()));
    }
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setKeyEntry("node", key, NO_PASSWORD, chain);
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, NO_PASSWORD);
      return keys;
    } catch (GeneralSecurityException bad) {
      throw PemFile.failed(files.certificate(), String.valueOf(bad.getMessage()), bad);
    }
  }

  /** A key of another algorithm than its certificate's is not that of the certificate. */
  private static PrivateKey key(Path file, String algorithm) throws IOException {
    Matcher pem = PEM.matcher(new String(PemFile.read(file), StandardCharsets.ISO_8859_1));
    if (!pem.find()) {
      throw new IOException("read " + file + " failed: " + NO_KEY);
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException | IllegalArgumentException bad) {
      throw PemFile.failed(file, "no PKCS#8 key of " + algorithm + " as its certificate's", bad);
    }
  }

  private static boolean belongTogether(PrivateKey key, PublicKey certified) {
    String algorithm =
        switch (certified.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case "EdDSA" -> "EdDSA";
          default -> "";
        };
    if (algorithm.isEmpty()) {
      return true; // the handshake shows it
    }
    try {
      byte[] text = {1};
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(text);
      byte[] signature = signer.sign();
      signer.initVerify(certified);
      signer.update(text);
      return signer.verify(signature);
    } catch (GeneralSecurityException differ) {
      return false;
    }
  }
}
