package dev.shunt.e2e.verify.scenes;

import dev.shunt.e2e.scene.NginxApp;
import dev.shunt.e2e.scene.Pod;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.SceneRequirements;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * nginx with one worker on every address of a pod: bodies of several sizes, some status codes, a
 * slow body, and a folder that takes uploads. Stateless but for what it writes.
 */
final class HttpApp {
  /** Path of the body that load asks for. */
  static final String LOAD_BODY = "/1k";

  static final int LOAD_BODY_BYTES = 1024;

  /** Bodies by path; the contents are the same in every scene. */
  static final Map<String, Integer> BODIES =
      new TreeMap<>(
          Map.of("/0", 0, "/1", 1, "/1k", LOAD_BODY_BYTES, "/64k", 64 << 10, "/1m", (1 << 20) + 7));

  /** Path of a body that comes at a limited rate, piece by piece. */
  static final String SLOW = "/slow";

  private static final int SLOW_BYTES = 256 << 10;

  private HttpApp() {}

  /** Starts it; the caller awaits its listener. */
  static SceneProcess start(Pod pod, int port, Protocol protocol) {
    Path folder = pod.folder("app", NginxApp.UID);
    write(folder);
    Path config =
        SceneDirectory.write(
            folder.resolve("nginx.conf"), configuration(folder, port, protocol), NginxApp.UID);
    List<String> argv =
        List.of(
            SceneRequirements.program("nginx"),
            "-e",
            "stderr",
            "-p",
            folder.toString(),
            "-c",
            config.toString());
    return pod.start("app", NginxApp.UID, argv);
  }

  private static void write(Path folder) {
    BODIES.forEach((path, bytes) -> write(folder, path, bytes));
    write(folder, SLOW, SLOW_BYTES);
  }

  private static void write(Path folder, String path, int bytes) {
    SceneDirectory.write(folder.resolve(path.substring(1)), text(bytes), NginxApp.UID);
  }

  /** Letters that look random and are the same for the same length. */
  static String text(int bytes) {
    Random random = new Random(bytes);
    byte[] letters = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      letters[i] = (byte) ('a' + random.nextInt(26));
    }
    return new String(letters, StandardCharsets.US_ASCII);
  }

  static String configuration(Path folder, int port, Protocol protocol) {
    String http2 = protocol == Protocol.HTTP2 ? " http2" : "";
    return String.join(
        "\n",
        "daemon off;",
        "worker_processes 1;",
        "pid " + folder + "/nginx.pid;",
        "error_log stderr warn;",
        "events { worker_connections 4096; }",
        "http {",
        "  access_log off;",
        "  default_type application/octet-stream;",
        "  keepalive_timeout 300s;",
        "  keepalive_requests 1000000000;",
        "  client_max_body_size 16m;",
        "  client_body_temp_path " + folder + "/client;",
        "  proxy_temp_path " + folder + "/proxy;",
        "  fastcgi_temp_path " + folder + "/fastcgi;",
        "  uwsgi_temp_path " + folder + "/uwsgi;",
        "  scgi_temp_path " + folder + "/scgi;",
        "  server {",
        "    listen 0.0.0.0:" + port + http2 + ";",
        "    listen [::]:" + port + http2 + ";",
        "    root " + folder + ";",
        "    location = /204 { return 204; }",
        "    location = /301 { return 301 /1; }",
        "    location = /503 { return 503 'busy'; }",
        "    location = " + SLOW + " { limit_rate 1m; }",
        "    location /put/ { dav_methods PUT; create_full_put_path on; }",
        "  }",
        "}",
        "");
  }
}
