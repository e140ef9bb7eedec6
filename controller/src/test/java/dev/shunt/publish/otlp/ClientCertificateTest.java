package dev.shunt.publish.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.telemetry.TelemetryMetrics;
import dev.shunt.publish.grpc.Await;
import dev.shunt.publish.grpc.SelfSigned;
import dev.shunt.publish.otlp.OtlpConfig.Client;
import dev.shunt.publish.otlp.OtlpConfig.Compression;
import dev.shunt.publish.otlp.OtlpConfig.Roots;
import dev.shunt.publish.otlp.OtlpSender.Call;
import dev.shunt.publish.otlp.SendResult.Outcome;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Collectors that ask for a certificate of the node. */
class ClientCertificateTest {
  private static final Call CALL = new Call(OtlpHeaders.NONE, Duration.ofSeconds(10));

  @TempDir private static Path files;

  @BeforeAll
  static void makeCertificates() throws Exception {
    for (String name : List.of("collector", "node", "renewed", "stranger")) {
      SelfSigned.make(files, name);
    }
    Files.writeString(
        files.resolve("known.crt"),
        Files.readString(files.resolve("node.crt"))
            + Files.readString(files.resolve("renewed.crt")));
    Files.writeString(files.resolve("odd.crt"), "no certificate\n");
    Files.writeString(
        files.resolve("odd.key"),
        Files.readString(files.resolve("node.key")).replace("PRIVATE KEY", "EC PRIVATE KEY"));
  }

  private static Collector collector() throws IOException {
    return Collector.startMutualTls(
        files.resolve("collector.crt"), files.resolve("collector.key"), files.resolve("known.crt"));
  }

  private static OtlpConfig config(String url, Optional<Client> client) {
    return new OtlpConfig(
        OtlpEndpoint.parse("--x", url),
        new OtlpConfig.Files(Optional.empty(), Optional.of(files.resolve("collector.crt")), client),
        Compression.NONE,
        Duration.ofMillis(50),
        Roots.NONE);
  }

  private static SendResult send(String url, Optional<Client> client) {
    try (OtlpSender sender = OtlpSender.open(config(url, client))) {
      return sender.spans(ExportTraceServiceRequest.getDefaultInstance(), CALL);
    } catch (IOException unreadable) {
      return SendResult.later(String.valueOf(unreadable.getMessage()));
    }
  }

  private static Optional<Client> client(String certificate, String key) {
    return Optional.of(new Client(files.resolve(certificate), files.resolve(key)));
  }

  private static void assertOnlyKnownAreTaken(String url) {
    assertThat(send(url, client("node.crt", "node.key"))).isEqualTo(SendResult.TAKEN);
    assertThat(send(url, Optional.empty()).outcome()).as("none").isEqualTo(Outcome.LATER);
    assertThat(send(url, client("stranger.crt", "stranger.key")).outcome())
        .isEqualTo(Outcome.LATER);
  }

  private static void assertFault(String certificate, String key, String fault) {
    assertThat(send("grpcs://localhost:1", client(certificate, key)).cause())
        .isEqualTo("read " + files + "/" + fault);
    assertThat(send("https://localhost:1", client(certificate, key)).cause())
        .isEqualTo("read " + files + "/" + fault);
  }

  @Test
  void files_wrong_areNamedWithWhatIsWrong() {
    assertFault("node.crt", "missing.key", "missing.key failed: no such file (ENOENT/2)");
    assertFault("missing.crt", "node.key", "missing.crt failed: no such file (ENOENT/2)");
    assertFault("odd.crt", "node.key", "odd.crt failed: no PEM certificates");
    assertFault(
        "node.crt",
        "odd.key",
        "odd.key failed: no PEM private key of PKCS#8 (convert it: openssl pkcs8 -topk8 -nocrypt)");
    assertFault(
        "node.crt",
        "stranger.key",
        "stranger.key failed: not the key of the certificate in " + files + "/node.crt");
  }

  @Test
  void grpc_collectorThatAsks_takesThoseItKnows() throws IOException {
    try (Collector collector = collector()) {
      assertOnlyKnownAreTaken("grpcs://localhost:" + collector.port());
      assertThat(collector.callers()).containsExactly("CN=node");
    }
  }

  @Test
  void http_collectorThatAsks_takesThoseItKnows() throws Exception {
    try (HttpsCollector collector = HttpsCollector.startMutual(files, files.resolve("known.crt"))) {
      assertOnlyKnownAreTaken(collector.url());
    }
  }

  /** As Kubernetes replaces the files of a Secret. */
  private static void put(Path current, String name) throws IOException {
    Path directory = Files.createDirectory(current.resolveSibling(name));
    Files.copy(files.resolve(name + ".crt"), directory.resolve("tls.crt"));
    Files.copy(files.resolve(name + ".key"), directory.resolve("tls.key"));
    Path link = Files.createSymbolicLink(current.resolveSibling(name + ".link"), directory);
    Files.move(link, current, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void files_replaced_areUsedWithoutAFailure(@TempDir Path home) throws IOException {
    Path current = home.resolve("current");
    put(current, "node");
    Optional<Client> client =
        Optional.of(new Client(current.resolve("tls.crt"), current.resolve("tls.key")));
    try (ExportLog log = new ExportLog();
        Collector collector = collector();
        OtlpExporter exporter =
            new OtlpExporter(
                config("grpcs://localhost:" + collector.port(), client),
                new NodeResource("host-1", Optional.empty(), "1.2.3"),
                new TelemetryMetrics())) {
      exporter.start(ClientCertificateTest::one);
      Await.until("the first", () -> collector.callers().contains("CN=node"));
      put(current, "renewed");
      Await.until("the renewed", () -> collector.callers().contains("CN=renewed"));
      assertThat(log.lines()).isEmpty();
    }
  }

  private static MetricSnapshots one() {
    return MetricSnapshots.of(
        GaugeSnapshot.builder()
            .name("one")
            .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder().value(1).build())
            .build());
  }
}
