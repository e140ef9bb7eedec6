package dev.shunt.publish.otlp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates of authorities for TLS of the JDK. Stateless. */
final class TrustedAuthorities {
  private TrustedAuthorities() {}

  /** TLS that trusts those of a PEM file and no others. */
  static SSLContext context(Path file) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, read(file).getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException impossible) {
      throw new IOException("this JVM has no TLS: " + impossible.getMessage(), impossible);
    }
  }

  /**
   * Those of a PEM file.
   *
   * @throws IOException it cannot be read, or has none
   */
  static TrustManagerFactory read(Path file) throws IOException {
    try (InputStream pem = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("ca-" + store.size(), one);
      }
      if (store.size() == 0) {
        throw new IOException("read " + file + " failed: no PEM certificates");
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      return trust;
    } catch (NoSuchFileException missing) {
      throw new IOException("read " + file + " failed: no such file (ENOENT/2)", missing);
    } catch (GeneralSecurityException bad) {
      throw new IOException("read " + file + " failed: no PEM certificates", bad);
    }
  }
}
