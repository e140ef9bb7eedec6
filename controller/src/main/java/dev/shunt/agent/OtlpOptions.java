package dev.shunt.agent;

import dev.shunt.publish.otlp.OtlpConfig;
import dev.shunt.publish.otlp.OtlpConfig.Client;
import dev.shunt.publish.otlp.OtlpConfig.Compression;
import dev.shunt.publish.otlp.OtlpConfig.Roots;
import dev.shunt.publish.otlp.OtlpEndpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of the export of telemetry; they go together. */
final class OtlpOptions {
  private static final String ENDPOINT = "--otlp-endpoint";
  private static final String CLIENT_CERTIFICATE = "--otlp-client-certificate";
  private static final String CLIENT_KEY = "--otlp-client-key";
  private static final int INTERVAL_MIN = 5;
  private static final int INTERVAL_MAX = 3600;

  @Option(
      names = ENDPOINT,
      paramLabel = "URL",
      required = true,
      description =
          "Send metrics, and spans of traced HTTP requests, to this OpenTelemetry collector:"
              + " grpc://HOST[:4317], grpcs:// over TLS, or http:// and https://HOST[:4318].")
  private String endpoint = "";

  @Option(
      names = "--otlp-headers-file",
      paramLabel = "FILE",
      description = "Headers to send along, a line 'name: value' each; read again at each call.")
  private @Nullable Path headers;

  @Option(
      names = "--otlp-ca",
      paramLabel = "FILE",
      description = "PEM certificates that sign the collector's (default: those of the JVM).")
  private @Nullable Path ca;

  @Option(
      names = CLIENT_CERTIFICATE,
      paramLabel = "FILE",
      description = "PEM chain of certificates that the collector asks of the node.")
  private @Nullable Path clientCertificate;

  @Option(names = CLIENT_KEY, paramLabel = "FILE", description = "PEM private key (PKCS#8) of it.")
  private @Nullable Path clientKey;

  @Option(
      names = "--otlp-compression",
      paramLabel = "none|gzip",
      defaultValue = "none",
      description = "How calls are compressed (default: ${DEFAULT-VALUE}).")
  private Compression compression = Compression.NONE;

  @Option(
      names = "--otlp-interval",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How often metrics are sent, 5..3600 (default: ${DEFAULT-VALUE}).")
  private int interval = 60;

  @Option(
      names = "--otlp-new-traces",
      description = "Spans also for requests without traceparent: each begins a trace of its own.")
  private boolean newTraces;

  /**
   * The export.
   *
   * @throws IllegalArgumentException an option is wrong; the message is for the user
   */
  OtlpConfig config() {
    if (interval < INTERVAL_MIN || interval > INTERVAL_MAX) {
      throw new IllegalArgumentException(
          "--otlp-interval: %d (expected: %d..%d)".formatted(interval, INTERVAL_MIN, INTERVAL_MAX));
    }
    OtlpEndpoint collector = OtlpEndpoint.parse(ENDPOINT, endpoint);
    return new OtlpConfig(
        collector,
        new OtlpConfig.Files(
            Optional.ofNullable(headers), Optional.ofNullable(ca), client(collector)),
        compression,
        Duration.ofSeconds(interval),
        newTraces ? Roots.NEW : Roots.NONE);
  }

  private Optional<Client> client(OtlpEndpoint collector) {
    if (clientCertificate == null && clientKey == null) {
      return Optional.empty();
    }
    if (clientCertificate == null || clientKey == null) {
      throw new IllegalArgumentException(
          "%s: missing (expected: with %s)"
              .formatted(
                  clientCertificate == null ? CLIENT_CERTIFICATE : CLIENT_KEY,
                  clientCertificate == null ? CLIENT_KEY : CLIENT_CERTIFICATE));
    }
    if (!collector.transport().isTls()) {
      throw new IllegalArgumentException(
          "%s: %s is in clear (expected: grpcs or https)".formatted(CLIENT_CERTIFICATE, collector));
    }
    return Optional.of(new Client(clientCertificate, clientKey));
  }
}
