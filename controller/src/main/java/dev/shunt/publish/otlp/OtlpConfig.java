package dev.shunt.publish.otlp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where telemetry is sent. Immutable, and without a secret: those are in a file.
 *
 * @param endpoint collector
 * @param files of it
 * @param interval of metrics
 * @param roots what becomes of requests that belong to no trace
 */
public record OtlpConfig(OtlpEndpoint endpoint, Files files, Duration interval, Roots roots) {
  /**
   * Files, which are read again before each connection or call: they may appear later, and change.
   *
   * @param headers sent with each call; empty: none
   * @param ca PEM certificates that the collector's is checked with; empty: those of the JVM
   */
  public record Files(Optional<Path> headers, Optional<Path> ca) {}

  /** What becomes of requests that belong to no trace. */
  public enum Roots {
    /** No span: each end of a request would begin a trace of its own, of that one span. */
    NONE,
    /** A span that begins a trace. */
    NEW
  }
}
