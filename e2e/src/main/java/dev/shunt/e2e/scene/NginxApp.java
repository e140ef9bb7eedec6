package dev.shunt.e2e.scene;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The application of a pod: nginx with one worker that serves one body of a given size over
 * keep-alive connections, on localhost only, so that traffic can reach it through the sidecar
 * alone. One thread; {@link #close} stops it.
 */
public final class NginxApp implements AutoCloseable {
  /** An unprivileged user that has no entry in any user database and owns nothing else. */
  public static final int UID = 10181;

  public static final int PORT = 8080;

  /** The same body over HTTP/2 without TLS, for clients with prior knowledge. */
  public static final int HTTP2_PORT = 8081;

  private static final Duration START_LIMIT = Duration.ofSeconds(10);

  private final SceneProcess process;

  private NginxApp(SceneProcess process) {
    this.process = process;
  }

  /**
   * Starts the application; {@link #awaitReady} then waits for its listener.
   *
   * @param bodyBytes size of the response body
   */
  public static NginxApp start(Pod pod, int bodyBytes) {
    Path folder = pod.folder("app", UID);
    SceneDirectory.write(folder.resolve("body"), "x".repeat(bodyBytes), UID);
    Path config = SceneDirectory.write(folder.resolve("nginx.conf"), configuration(folder), UID);
    List<String> argv =
        List.of(
            SceneRequirements.program("nginx"),
            "-e",
            "stderr",
            "-p",
            folder.toString(),
            "-c",
            config.toString());
    return new NginxApp(pod.start("app", UID, argv));
  }

  static String configuration(Path folder) {
    return String.join(
        "\n",
        "daemon off;",
        "worker_processes 1;",
        "pid " + folder + "/nginx.pid;",
        "error_log stderr warn;",
        "events { worker_connections 4096; }",
        "http {",
        "  access_log off;",
        "  default_type text/plain;",
        "  keepalive_timeout 300s;",
        "  keepalive_requests 1000000000;",
        "  client_body_temp_path " + folder + "/client;",
        "  proxy_temp_path " + folder + "/proxy;",
        "  fastcgi_temp_path " + folder + "/fastcgi;",
        "  uwsgi_temp_path " + folder + "/uwsgi;",
        "  scgi_temp_path " + folder + "/scgi;",
        "  open_file_cache max=16;",
        "  server {",
        "    listen 127.0.0.1:" + PORT + ";",
        "    listen 127.0.0.1:" + HTTP2_PORT + " http2;",
        "    root " + folder + ";",
        "  }",
        "}",
        "");
  }

  /** Waits until its listeners are there. */
  public void awaitReady() {
    process.awaitListening(PORT, START_LIMIT);
    process.awaitListening(HTTP2_PORT, START_LIMIT);
  }

  public SceneProcess process() {
    return process;
  }

  @Override
  public void close() {
    process.close();
  }
}
