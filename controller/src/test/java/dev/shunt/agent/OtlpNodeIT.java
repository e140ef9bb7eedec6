package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.publish.otlp.Collector;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real node that exports what policy has it trace, of accelerated connections too; and one that
 * does not. The collector is one of this process, made of the protocol's stubs.
 */
class OtlpNodeIT {
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final int REQUESTS = 60;
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SECRET = "tops3cret";

  @TempDir private Path home;

  private final String name = "otlp-it-" + ProcessHandle.current().pid();
  private NodePlace place;
  private int metricsPort;
  private @Nullable NodeProcess started;
  private Process nginx;

  @BeforeEach
  void makePlace() throws IOException {
    place = NodePlace.make(home, name);
    TestObjects.run(List.of("ip", "netns", "add", name));
    TestObjects.run(List.of("ip", "-n", name, "link", "set", "lo", "up"));
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      metricsPort = free.getLocalPort();
    }
    Files.writeString(
        place.policy("telemetry.yaml"),
        """
        apiVersion: shunt.dev/v1alpha1
        kind: Telemetry
        metadata: {name: requests}
        spec:
          hostSelector: {networkNamespace: %s}
          modules:
            - name: http
            - name: connect
        """
            .formatted(name));
    nginx = startNginx();
  }

  @AfterEach
  void removePlace() throws Exception {
    nginx.destroy();
    nginx.onExit().join();
    if (started != null) {
      started.close();
    }
    place.remove();
    TestObjects.run(List.of("ip", "netns", "delete", name));
  }

  /** In the namespace and the cgroup that the node covers. */
  private List<String> inside(String... command) {
    List<String> argv = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + name, "sh", "-c"));
    argv.add("echo $$ > " + place.cgroup().resolve("cgroup.procs") + " && exec \"$@\"");
    argv.add("sh");
    argv.addAll(List.of(command));
    return argv;
  }

  private Process startNginx() throws IOException {
    Path directory = Files.createDirectory(home.resolve("nginx"));
    Path config = directory.resolve("nginx.conf");
    Files.writeString(
        config,
        """
        daemon off; worker_processes 1; user root; pid %1$s/pid; error_log stderr;
        events { worker_connections 64; }
        http {
          access_log off; keepalive_requests 100000;
          client_body_temp_path %1$s/b; proxy_temp_path %1$s/p; fastcgi_temp_path %1$s/f;
          uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;
          server { listen 127.0.0.1:8080; location / { return 200 'hello'; } }
        }
        """
            .formatted(directory));
    return new ProcessBuilder(
            inside("nginx", "-e", "stderr", "-p", directory + "/", "-c", config.toString()))
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("log").toFile())
        .start();
  }

  private void startNode(String... more) throws Exception {
    List<String> settings = new ArrayList<>(NodeProcess.settingsOfLauncher());
    settings.add("-Xlog:class+load:file=" + home.resolve("classes"));
    List<String> arguments =
        new ArrayList<>(List.of("--netns", name, "--metrics-port", Integer.toString(metricsPort)));
    arguments.addAll(List.of(more));
    started = place.start("node", settings, arguments.toArray(String[]::new));
    await(
        "http", () -> scrape("text/plain").contains("shunt_telemetry_complete{module=\"http\"} 1"));
  }

  private NodeProcess node() {
    return Objects.requireNonNull(started);
  }

  private void await(String what, BooleanSupplier condition) throws InterruptedException {
    assertThat(node().await(condition, LIMIT)).as("%s; log: %s", what, node().err()).isTrue();
  }

  private void tellSize(String what, TestReporter reporter) {
    reporter.publishEntry("%s: %d KiB resident".formatted(what, node().residentKib()));
  }

  private String scrape(String accept) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metricsPort + "/metrics"))
            .header("Accept", accept)
            .build();
    try {
      return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException notYet) {
      return "";
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /** One connection; after some turns it is accelerated. */
  private void ask() {
    TestObjects.run(
        inside(
            "curl",
            "-s",
            "--retry",
            "20",
            "--retry-connrefused",
            "--retry-delay",
            "1",
            "-H",
            "traceparent: 00-" + TRACE + "-00f067aa0ba902b7-01",
            "-H",
            "Authorization: Bearer " + SECRET,
            "-H",
            "Cookie: session=" + SECRET,
            "http://127.0.0.1:8080/users/[1-" + REQUESTS + "]?token=" + SECRET));
  }

  private static boolean isAccelerated(Span span) {
    return span.getAttributesList().stream()
        .anyMatch(
            attribute ->
                attribute.getKey().equals("shunt.accelerated")
                    && attribute.getValue().getBoolValue());
  }

  @Test
  void node_withACollector_exportsRequestsOfAcceleratedConnections(TestReporter reporter)
      throws Exception {
    Path headers = home.resolve("headers");
    Files.writeString(headers, "Authorization: Bearer file-" + SECRET + "\n");
    try (Collector collector = Collector.start(0)) {
      startNode(
          "--otlp-endpoint=grpc://127.0.0.1:" + collector.port(),
          "--otlp-interval=5",
          "--otlp-headers-file=" + headers);
      ask();
      await("spans", () -> collector.spans().size() >= 2 * REQUESTS);
      await(
          "metrics",
          () ->
              collector.metrics().stream()
                  .anyMatch(
                      metric -> metric.getName().equals("shunt_http_request_duration_seconds")));
      String open = scrape("application/openmetrics-text; version=1.0.0");

      assertThat(collector.spans()).hasSize(2 * REQUESTS);
      assertThat(collector.spans()).extracting(Span::getName).containsOnly("GET /users/{id}");
      for (Span.SpanKind kind :
          List.of(Span.SpanKind.SPAN_KIND_SERVER, Span.SpanKind.SPAN_KIND_CLIENT)) {
        List<Span> side =
            collector.spans().stream().filter(span -> span.getKind() == kind).toList();
        assertThat(side).hasSize(REQUESTS).anyMatch(OtlpNodeIT::isAccelerated);
        assertThat(side.get(REQUESTS - 1)).matches(OtlpNodeIT::isAccelerated, "accelerated");
      }
      assertThat(open)
          .contains("accelerated=\"yes\"", "path=\"/users/{id}\"", "trace_id=\"" + TRACE + "\"")
          .contains("shunt_otlp_spans_exported_total " + 2 * REQUESTS + ".0")
          .contains(
              "shunt_connect_duration_seconds_count{outcome=\"established\",pod_namespace=\"\"");
      assertThat(collector.tokens()).containsOnly("Bearer file-" + SECRET);
      assertThat(collector.everything() + open + scrape("text/plain") + node().out() + node().err())
          .doesNotContain(SECRET);
      assertThat(loaded()).contains("OtlpExporter", "io.opentelemetry");
      tellSize("with export", reporter);
    }
  }

  @Test
  void node_withoutACollector_loadsNothingOfTheExport(TestReporter reporter) throws Exception {
    startNode();
    ask();
    await("requests", () -> scrape("text/plain").contains("path=\"/users/{id}\""));
    tellSize("without export", reporter);

    assertThat(loaded())
        .contains("TelemetryMetrics")
        .doesNotContain("OtlpExporter", "opentelemetry");
  }

  @Test
  void node_whoseCollectorIsAway_worksAndSaysItOnce() throws Exception {
    startNode("--otlp-endpoint=grpc://127.0.0.1:1", "--otlp-interval=5");
    ask();
    await("requests", () -> scrape("text/plain").contains("path=\"/users/{id}\""));
    await("lines", () -> node().err().split("export [a-z]+ to ", -1).length == 3);
    await(
        "attempts",
        () ->
            scrape("text/plain")
                .lines()
                .anyMatch(
                    line ->
                        line.startsWith("shunt_otlp_exports_total{outcome=\"later\"")
                            && Double.parseDouble(line.substring(line.lastIndexOf(' '))) > 2));

    assertThat(node().err())
        .contains("export spans to grpc://127.0.0.1:1 failed: ")
        .contains("refused (UNAVAILABLE/14); it is tried again, with pauses of up to 30 s");
    node().stop();
    assertThat(node().err().split("export spans to ", -1)).as("said once").hasSize(2);
  }

  private String loaded() throws IOException {
    return Files.readString(home.resolve("classes"));
  }
}
