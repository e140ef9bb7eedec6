package dev.shunt.e2e.bench.telemetry;

import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.SceneRequirements;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What an nginx needs that answers over HTTP and over TLS. One thread.
 *
 * @param directory for all of it
 */
record NginxFiles(Path directory) {
  static final int PORT = 8080;
  private static final int TLS_PORT = 8443;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Writes them. */
  void write() {
    makeCertificate();
    HttpBed.write(
        config(),
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
  }

  private Path config() {
    return directory.resolve("nginx.conf");
  }

  private void makeCertificate() {
    List<String> argv =
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
            directory.resolve("cert.pem").toString());
    try (SceneProcess openssl =
        SceneProcess.start("openssl", argv, directory.resolve("openssl.log"))) {
      if (openssl.awaitExit(LIMIT) != 0) {
        throw new SceneException("make a certificate failed: " + openssl.logTail());
      }
    }
  }

  /** What starts it. */
  List<String> command() {
    return List.of(
        SceneRequirements.program("nginx"),
        "-e",
        "stderr",
        "-p",
        directory.toString(),
        "-c",
        config().toString());
  }
}
