package dev.shunt.agent.trace;

import dev.shunt.datapath.libbpf.TestNetns;
import dev.shunt.publish.grpc.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * nginx in a network namespace, whose access log says what it was really asked. Closed by its user.
 */
final class NginxTruth implements AutoCloseable {
  static final int PORT = 8080;
  static final int PORT_HTTP2 = 8081;

  /** HTTP/1 and HTTP/2, by ALPN. */
  static final int PORT_TLS = 8443;

  private final Path directory;
  private final Process process;

  private NginxTruth(Path directory, Process process) {
    this.directory = directory;
    this.process = process;
  }

  /** Starts it; answers when this returns. */
  static NginxTruth start(TestNetns netns, Path directory) throws IOException {
    return start(netns, directory, "");
  }

  /** The same, with TLS too. */
  static NginxTruth startTls(TestNetns netns, Path directory, TlsFiles files) throws IOException {
    String server =
        "  server { listen 127.0.0.1:%d ssl http2; ssl_protocols TLSv1.2 TLSv1.3;"
                .formatted(PORT_TLS)
            + " ssl_certificate %s; ssl_certificate_key %s; %s }"
                .formatted(files.certificate(), files.key(), locations(directory.toString()));
    return start(netns, directory, server);
  }

  private static NginxTruth start(TestNetns netns, Path directory, String more) throws IOException {
    Files.writeString(directory.resolve("big"), "0123456789".repeat(100_000));
    Files.writeString(directory.resolve("some"), "0123456789".repeat(2_000));
    Path config = directory.resolve("nginx.conf");
    Files.writeString(config, configuration(directory, more));
    Process process =
        netns.call(
            () ->
                new ProcessBuilder(
                        "nginx",
                        "-e",
                        directory + "/error.log",
                        "-p",
                        directory + "/",
                        "-c",
                        config.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("nginx.log").toFile())
                    .start());
    NginxTruth nginx = new NginxTruth(directory, process);
    Await.until("nginx", () -> !process.isAlive() || isListening(netns));
    Await.until("its worker", () -> process.children().findAny().isPresent());
    return nginx;
  }

  private static boolean isListening(TestNetns netns) {
    return netns.call(
        () -> {
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT));
            return true;
          } catch (IOException notYet) {
            return false;
          }
        });
  }

  private static String configuration(Path directory, String more) {
    String files = directory.toString();
    return String.join(
        "\n",
        "daemon off; worker_processes 1; pid " + files + "/nginx.pid; user root;",
        "events { worker_connections 1024; }",
        "http {",
        "  log_format truth '$request_method $uri $status $server_protocol';",
        "  access_log " + files + "/access.log truth;",
        "  keepalive_requests 1000000; large_client_header_buffers 8 64k;",
        "  client_body_temp_path " + files + "/body; proxy_temp_path " + files + "/proxy;",
        "  fastcgi_temp_path " + files + "/f; uwsgi_temp_path " + files + "/u;",
        "  scgi_temp_path " + files + "/s;",
        "  server { listen 127.0.0.1:" + PORT + "; " + locations(files) + " }",
        "  server { listen 127.0.0.1:" + PORT_HTTP2 + " http2; " + locations(files) + " }",
        more,
        "}",
        "");
  }

  private static String locations(String files) {
    return "location / { return 200 'hello'; }"
        + " location /missing { return 404 'none'; }"
        + " location /empty { return 204; }"
        + " location /moved { return 302 /elsewhere; }"
        + " location /pkg.Shop/Buy { add_header grpc-status 7; return 200; }"
        + " location /file/ { alias "
        + files
        + "/; sendfile off; }"
        + " location /sent/ { alias "
        + files
        + "/; sendfile on; }"
        + " location /chunked { proxy_pass http://127.0.0.1:"
        + PORT
        + "/file/big; proxy_http_version 1.1; gzip on; gzip_min_length 1; gzip_proxied any;"
        + " gzip_types *; }";
  }

  /** Its access log so far: method, path, status and protocol. */
  List<String> log() {
    try {
      return Files.readAllLines(directory.resolve("access.log"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Number of requests in its access log. */
  int lines() {
    try (Stream<String> lines = Files.lines(directory.resolve("access.log"))) {
      return (int) lines.count();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Requests by path and status, as {@code /path 200}. */
  Map<String, Integer> counts() {
    Map<String, Integer> counts = new TreeMap<>();
    for (String line : log()) {
      String pathAndStatus = line.substring(line.indexOf(' ') + 1, line.lastIndexOf(' '));
      counts.merge(pathAndStatus, 1, Integer::sum);
    }
    return counts;
  }

  /** Process id of its one worker. */
  long worker() {
    return process.children().findFirst().orElseThrow().pid();
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
