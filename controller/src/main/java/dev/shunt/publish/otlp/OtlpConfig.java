package dev.shunt.publish.otlp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where telemetry is sent. Immutable, and without a secret: those are in files.
 *
 * @param endpoint collector
 * @param files of it
 * @param compression of what is sent
 * @param interval of metrics
 * @param roots what becomes of requests that belong to no trace
 */
public record OtlpConfig(
    OtlpEndpoint endpoint, Files files, Compression compression, Duration interval, Roots roots) {
  /**
   * Files, which may appear later, and change: headers are read before each call, the others before
   * each connection, and a change of those makes a new one.
   *
   * @param headers sent with each call; empty: none
   * @param ca PEM certificates that the collector's is checked with; empty: those of the JVM
   * @param client what the node shows to the collector; empty: no certificate
   */
  public record Files(Optional<Path> headers, Optional<Path> ca, Optional<Client> client) {
    /** None. */
    public static final Files NONE =
        new Files(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * A certificate of the node, and its key.
   *
   * @param certificate PEM chain, the node's own first
   * @param key PEM private key (PKCS#8)
   */
  public record Client(Path certificate, Path key) {}

  /** Named as in the specification of OTLP exporters. */
  public enum Compression {
    /** As it is. */
    NONE,
    /** RFC 1952. */
    GZIP
  }

  /** What becomes of requests that belong to no trace. */
  public enum Roots {
    /** No span: each end of a request would begin a trace of its own, of that one span. */
    NONE,
    /** A span that begins a trace. */
    NEW
  }
}
