package dev.shunt.publish.otlp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.TrustManagerFactory;

/** Certificates of authorities. Stateless. */
final class TrustedAuthorities {
  private static final String NONE = "no PEM certificates";

  private TrustedAuthorities() {}

  /**
   * Those of a PEM file.
   *
   * @throws IOException it cannot be read, or has none
   */
  static TrustManagerFactory read(Path file) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate one : certificates(file)) {
        store.setCertificateEntry("ca-" + store.size(), one);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      return trust;
    } catch (GeneralSecurityException bad) {
      throw PemFile.failed(file, NONE, bad);
    }
  }

  /**
   * Certificates of a PEM file, at least one, in their order.
   *
   * @throws IOException as for {@link #read}
   */
  static Collection<? extends Certificate> certificates(Path file) throws IOException {
    try {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(PemFile.read(file)));
      if (all.isEmpty()) {
        throw new IOException("read " + file + " failed: " + NONE);
      }
      return all;
    } catch (GeneralSecurityException bad) {
      throw PemFile.failed(file, NONE, bad);
    }
  }
}
