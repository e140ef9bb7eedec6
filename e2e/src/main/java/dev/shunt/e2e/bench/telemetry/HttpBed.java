package dev.shunt.e2e.bench.telemetry;

import dev.shunt.e2e.demo.MachineCpu;
import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.PodNetwork;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.SceneRequirements;
import dev.shunt.e2e.scene.Teardown;
import dev.shunt.e2e.scene.WrkResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * nginx in a network namespace of its own, and wrk beside it. One thread; {@link #close} removes
 * all of it.
 */
final class HttpBed implements AutoCloseable {
  private static final int PORT = 8080;
  private static final int TLS_PORT = 8443;
  private static final int CONNECTIONS = 32;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Teardown teardown = new Teardown();
  private final Path directory;
  private final Path namespace;
  private int runs;

  private HttpBed(String name) {
    directory = teardown.add(SceneDirectory.create(name)).path();
    PodNetwork network = teardown.add(PodNetwork.create(name));
    namespace = PodNetwork.NAMESPACES.resolve(network.addPod("web").name());
  }

  /**
   * Starts it.
   *
   * @param name unique on this host
   */
  static HttpBed open(String name) {
    HttpBed bed = new HttpBed(name);
    try {
      bed.start();
      return bed;
    } catch (RuntimeException failed) {
      bed.close();
      throw failed;
    }
  }

  private void start() {
    makeCertificate();
    Path config = directory.resolve("nginx.conf");
    write(
        config,
        String.join(
            "\n",
            "daemon off;",
            "worker_processes 1;",
            "pid " + directory + "/nginx.pid;",
            "error_log stderr warn;",
            "events { worker_connections 4096; }",
            "http {",
            "  access_log off;",
            "  keepalive_requests 1000000000;",
            "  client_body_temp_path " + directory + "/client;",
            "  proxy_temp_path " + directory + "/proxy;",
            "  fastcgi_temp_path " + directory + "/fastcgi;",
            "  uwsgi_temp_path " + directory + "/uwsgi;",
            "  scgi_temp_path " + directory + "/scgi;",
            "  ssl_certificate " + directory + "/cert.pem;",
            "  ssl_certificate_key " + directory + "/key.pem;",
            "  server {",
            "    listen 127.0.0.1:" + PORT + ";",
            "    listen 127.0.0.1:" + TLS_PORT + " ssl;",
            "    return 200 \"" + "x".repeat(64) + "\";",
            "  }",
            "}",
            ""));
    for (TelemetryTraffic traffic : TelemetryTraffic.values()) {
      write(script(traffic), traffic.script() + WrkResult.REPORT_SCRIPT);
    }
    SceneProcess nginx =
        teardown.add(
            SceneProcess.start(
                "nginx",
                inside(
                    "nginx", "-e", "stderr", "-p", directory.toString(), "-c", config.toString()),
                directory.resolve("nginx.log")));
    nginx.awaitListening(PORT, LIMIT);
    Await.until(nginx::isAlive, LIMIT);
  }

  private void makeCertificate() {
    SceneProcess openssl =
        SceneProcess.start(
            "openssl",
            List.of(
                SceneRequirements.program("openssl"),
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=localhost",
                "-keyout",
                directory.resolve("key.pem").toString(),
                "-out",
                directory.resolve("cert.pem").toString()),
            directory.resolve("openssl.log"));
    teardown.add(openssl);
    if (openssl.awaitExit(LIMIT) != 0) {
      throw new SceneException("make a certificate failed: " + openssl.logTail());
    }
  }

  /** The namespace's file. */
  Path namespace() {
    return namespace;
  }

  private Path script(TelemetryTraffic traffic) {
    return directory.resolve(traffic.name() + ".lua");
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException failed) {
      throw new SceneException("write " + file + " failed: " + failed, failed);
    }
  }

  private List<String> inside(String program, String... arguments) {
    List<String> argv =
        new ArrayList<>(List.of(SceneRequirements.program("nsenter"), "--net=" + namespace, "--"));
    argv.add(SceneRequirements.program(program));
    argv.addAll(List.of(arguments));
    return argv;
  }

  /** Drives traffic and says what came of it. */
  TelemetryPair.Slice run(TelemetryTraffic traffic, int seconds) {
    runs++;
    long before = MachineCpu.busyMicros();
    SceneProcess wrk =
        SceneProcess.start(
            "wrk",
            inside(
                "wrk",
                "--threads=1",
                "--connections=" + CONNECTIONS,
                "--duration=" + seconds + "s",
                "--latency",
                "--script=" + script(traffic),
                traffic.url()),
            directory.resolve("wrk" + runs + ".log"));
    teardown.add(wrk);
    if (wrk.awaitExit(LIMIT) != 0) {
      throw new SceneException("run wrk failed: " + wrk.logTail());
    }
    double busy = MachineCpu.busyMicros() - before;
    WrkResult result = WrkResult.parse(wrk.log());
    if (result.errors() > 0 || result.requests() == 0) {
      throw new SceneException("run wrk failed: " + wrk.logTail());
    }
    return new TelemetryPair.Slice(result.requestsPerSecond(), busy / result.requests());
  }

  @Override
  public void close() {
    teardown.close();
  }
}
