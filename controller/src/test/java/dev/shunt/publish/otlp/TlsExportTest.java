package dev.shunt.publish.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.publish.grpc.SelfSigned;
import dev.shunt.publish.otlp.OtlpConfig.Compression;
import dev.shunt.publish.otlp.OtlpConfig.Roots;
import dev.shunt.publish.otlp.OtlpSender.Call;
import dev.shunt.publish.otlp.SendResult.Outcome;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Collectors behind TLS: those whose certificate is signed by the right one, and no others. */
class TlsExportTest {
  private static final ExportTraceServiceRequest SPANS =
      ExportTraceServiceRequest.getDefaultInstance();
  private static final Call CALL = new Call(OtlpHeaders.NONE, Duration.ofSeconds(10));

  @TempDir private static Path files;

  @BeforeAll
  static void makeCertificates() throws Exception {
    SelfSigned.make(files, "collector");
    SelfSigned.make(files, "stranger");
    Files.writeString(files.resolve("none.crt"), "no certificate\n");
  }

  private static SendResult send(String url, String ca) {
    OtlpConfig config =
        new OtlpConfig(
            OtlpEndpoint.parse("--x", url),
            new OtlpConfig.Files(
                Optional.empty(), Optional.of(files.resolve(ca)), Optional.empty()),
            Compression.NONE,
            Duration.ofSeconds(60),
            Roots.NONE);
    try (OtlpSender sender = OtlpSender.open(config)) {
      return sender.spans(SPANS, CALL);
    } catch (IOException unreadable) {
      return SendResult.later(String.valueOf(unreadable.getMessage()));
    }
  }

  private static void assertOnlyKnownAreTrusted(String url) {
    assertThat(send(url, "collector.crt")).isEqualTo(SendResult.TAKEN);
    assertThat(send(url, "stranger.crt").outcome()).isEqualTo(Outcome.LATER);
    assertThat(send(url, "none.crt").cause()).endsWith("none.crt failed: no PEM certificates");
    assertThat(send(url, "missing.crt").cause())
        .endsWith("missing.crt failed: no such file (ENOENT/2)");
  }

  @Test
  void grpc_overTls_trustsTheCaOnly() throws IOException {
    try (Collector collector =
        Collector.startTls(files.resolve("collector.crt"), files.resolve("collector.key"))) {
      assertOnlyKnownAreTrusted("grpcs://localhost:" + collector.port());
      assertThat(send("grpc://localhost:" + collector.port(), "collector.crt").outcome())
          .as("in clear")
          .isEqualTo(Outcome.LATER);
    }
  }

  @Test
  void http_overTls_trustsTheCaOnly() throws Exception {
    try (HttpsCollector collector = HttpsCollector.start(files)) {
      assertOnlyKnownAreTrusted(collector.url());
    }
  }
}
