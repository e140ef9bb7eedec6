package dev.shunt.publish.otlp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * What TLS to a collector is made of, as its files were when they were read.
 *
 * @param trust empty: what the JVM trusts
 * @param keys empty: no certificate is shown
 */
record TlsFiles(Optional<TrustManagerFactory> trust, Optional<KeyManagerFactory> keys) {
  /** What is the same as long as nobody writes or replaces a file. */
  private record Facts(FileTime modified, long size, String key) {}

  /** How the files are at a moment; compared only. */
  record Stamp(List<Optional<Facts>> facts) {}

  /**
   * Reads them.
   *
   * @throws IOException one is wrong; the message names it
   */
  static TlsFiles read(OtlpConfig.Files files) throws IOException {
    Optional<TrustManagerFactory> trust =
        files.ca().isPresent()
            ? Optional.of(TrustedAuthorities.read(files.ca().get()))
            : Optional.empty();
    Optional<KeyManagerFactory> keys =
        files.client().isPresent()
            ? Optional.of(ClientKeys.read(files.client().get()))
            : Optional.empty();
    return new TlsFiles(trust, keys);
  }

  /** For TLS of the JDK. */
  SSLContext context() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          keys.map(KeyManagerFactory::getKeyManagers).orElse(new KeyManager[0]),
          trust.map(TrustManagerFactory::getTrustManagers).orElse(null),
          null);
      return context;
    } catch (GeneralSecurityException impossible) {
      throw new IOException("this JVM has no TLS: " + impossible.getMessage(), impossible);
    }
  }

  /** How the files are now. */
  static Stamp stamp(OtlpConfig.Files files) {
    return new Stamp(
        Stream.concat(
                files.ca().stream(),
                files.client().stream().flatMap(own -> Stream.of(own.certificate(), own.key())))
            .map(TlsFiles::facts)
            .toList());
  }

  private static Optional<Facts> facts(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(
          new Facts(
              attributes.lastModifiedTime(),
              attributes.size(),
              String.valueOf(attributes.fileKey())));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }
}
