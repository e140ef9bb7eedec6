package dev.shunt.e2e.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.explain.ExplainedHost;
import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.EnvoyBinary;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.SceneUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** {@code shunt trace http} with haproxy and Envoy in the path, against the logs of all three. */
class ProxiedHttpIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int HAPROXY = 8090;
  private static final int ENVOY = 8091;
  private static final int NGINX = 8092;
  private static final int LOADED = 600;
  private static final int POSTED = 5;
  private static final int REQUESTS = LOADED + POSTED;

  /** Each is seen by both ends of three connections. */
  private static final int ROWS = REQUESTS * 6;

  private static final String SECRET = "tops3cret";
  private static final String ENVOY_CONFIG =
      """
      static_resources:
        listeners:
        - address: {socket_address: {address: 127.0.0.1, port_value: 8091}}
          filter_chains:
          - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                "@type": TYPE.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: front
                access_log:
                - name: envoy.access_loggers.stdout
                  typed_config:
                    "@type": TYPE.access_loggers.stream.v3.StdoutAccessLog
                    log_format:
                      text_format_source:
                        inline_string: "%REQ(:METHOD)% %REQ(:PATH)% %RESPONSE_CODE%\\n"
                route_config:
                  virtual_hosts:
                  - name: app
                    domains: ["*"]
                    routes: [{match: {prefix: "/"}, route: {cluster: app}}]
                http_filters:
                - name: envoy.filters.http.router
                  typed_config: {"@type": TYPE.filters.http.router.v3.Router}
        clusters:
        - name: app
          type: STATIC
          connect_timeout: 10s
          load_assignment:
            cluster_name: app
            endpoints:
            - lb_endpoints:
              - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 8092}}}
      """
          .replace("TYPE", "type.googleapis.com/envoy.extensions");

  /** What is in front of what. */
  private record Hop(int port, SceneProcess process, Path log) {
    List<String> lines() {
      return text(log)
          .lines()
          .map(line -> line.replaceFirst("\\?\\S*", ""))
          .filter(line -> line.matches("[A-Z]+ /\\S* \\d{3}"))
          .toList();
    }
  }

  private record Row(boolean client, int port, boolean accelerated, String line) {
    static Row of(Map<?, ?> row) {
      boolean client = Boolean.TRUE.equals(row.get("client"));
      Map<?, ?> socket = (Map<?, ?>) Objects.requireNonNull(row.get("socket"));
      return new Row(
          client,
          (Integer) Objects.requireNonNull(socket.get(client ? "remote_port" : "local_port")),
          Boolean.TRUE.equals(row.get("accelerated")),
          "%s %s %s".formatted(row.get("method"), row.get("path"), row.get("status")));
    }
  }

  private static Path envoy() {
    try {
      return EnvoyBinary.path();
    } catch (SceneUnavailableException missing) {
      return Assumptions.abort(missing.toString());
    }
  }

  @Test
  void requests_throughTwoProxies_areInAllLogs() throws IOException {
    Path envoy = envoy();
    try (ExplainedHost host = ExplainedHost.start("mode: accelerate")) {
      List<Hop> hops = List.of(nginx(host), envoy(host, envoy), haproxy(host));
      SceneProcess trace = host.watch("trace", "http", "--raw-path");
      Path errors = host.directory().resolve("trace.err");
      Await.until(() -> Files.exists(errors) && text(errors).contains("attached"), LIMIT);
      load(host);
      for (Hop hop : hops) {
        Await.until(() -> hop.lines().size() >= REQUESTS, LIMIT);
        assertThat(hop.lines()).as(hop.process()::logTail).hasSize(REQUESTS);
      }
      Await.until(() -> rows(trace).count() >= ROWS, LIMIT);

      List<Row> rows = rows(trace).map(ProxiedHttpIT::row).toList();
      assertThat(rows).as(() -> text(errors)).hasSize(ROWS);
      for (Hop hop : hops) {
        assertThat(lines(rows, hop, false)).containsExactlyInAnyOrderElementsOf(hop.lines());
        assertThat(lines(rows, hop, true)).containsExactlyInAnyOrderElementsOf(hop.lines());
      }
      assertThat(rows).anyMatch(Row::accelerated);
      assertThat(trace.log()).doesNotContain(SECRET);
      assertThat(text(errors)).doesNotContain("lost", "shed", "not followed", "skipped");
    }
  }

  private static List<String> lines(List<Row> rows, Hop hop, boolean client) {
    return rows.stream()
        .filter(row -> row.port() == hop.port() && row.client() == client)
        .map(Row::line)
        .toList();
  }

  private static Stream<String> rows(SceneProcess trace) {
    return trace.log().lines().filter(line -> line.endsWith("}"));
  }

  /** Every JSON document is a YAML document (YAML 1.2, section 1.3). */
  private static Row row(String line) {
    return Row.of(new Yaml(new SafeConstructor(new LoaderOptions())).<Map<?, ?>>load(line));
  }

  /** Slow enough that none is shed: the pod's rate is 1,000 a second, and each counts six times. */
  private static void load(ExplainedHost host) {
    String front = "http://127.0.0.1:" + HAPROXY;
    SceneProcess load =
        host.start(
            "h2load",
            List.of(
                "h2load",
                "--h1",
                "-n",
                Integer.toString(LOADED),
                "-c",
                "4",
                "--rps",
                "25",
                "-H",
                "Authorization: Bearer " + SECRET,
                front + "/one?q=" + SECRET,
                front + "/missing",
                front + "/empty",
                front + "/big"));
    assertThat(load.awaitExit(LIMIT)).as(load::log).isZero();
    SceneProcess post =
        host.start(
            "curl",
            List.of("curl", "-s", "-d", SECRET.repeat(1000), front + "/one?[1-" + POSTED + "]"));
    assertThat(post.awaitExit(LIMIT)).as(post::log).isZero();
  }

  private static Hop nginx(ExplainedHost host) throws IOException {
    Path home = Files.createDirectory(host.directory().resolve("nginx"));
    Path config = home.resolve("nginx.conf");
    Path log = home.resolve("access.log");
    Files.writeString(
        config,
        """
        daemon off; worker_processes 1; pid HOME/nginx.pid; user root;
        events { }
        http {
          log_format truth '$request_method $uri $status';
          access_log HOME/access.log truth;
          client_body_temp_path HOME/b; proxy_temp_path HOME/p; fastcgi_temp_path HOME/f;
          uwsgi_temp_path HOME/u; scgi_temp_path HOME/s;
          server {
            listen 127.0.0.1:8092;
            location / { return 200 'hello'; }
            location /missing { return 404 'none'; }
            location /empty { return 204; }
            location /big { return 200 'BIG'; }
          }
        }
        """
            .replace("HOME", home.toString())
            .replace("BIG", "0123456789".repeat(400)));
    return started(
        NGINX,
        log,
        host.start(
            "nginx",
            List.of("nginx", "-e", "stderr", "-p", home.toString(), "-c", config.toString())));
  }

  private static Hop envoy(ExplainedHost host, Path envoy) throws IOException {
    Path config = Files.writeString(host.directory().resolve("envoy.yaml"), ENVOY_CONFIG);
    return started(
        ENVOY,
        host.directory().resolve("envoy.log"),
        host.start(
            "envoy",
            List.of(
                envoy.toString(),
                "--config-path",
                config.toString(),
                "--concurrency",
                "2",
                "--disable-hot-restart",
                "--file-flush-interval-msec",
                "100",
                "--log-level",
                "warning")));
  }

  private static Hop haproxy(ExplainedHost host) throws IOException {
    Path config =
        Files.writeString(
            host.directory().resolve("haproxy.cfg"),
            """
            global
                log stdout format raw local0
                nbthread 1 # two that log at once lose a line
            defaults
                mode http
                log global
                log-format "%HM %HP %ST"
                timeout connect 10s
                timeout client 60s
                timeout server 60s
            frontend front
                bind 127.0.0.1:8090
                default_backend back
            backend back
                server app 127.0.0.1:8091
            """);
    return started(
        HAPROXY,
        host.directory().resolve("haproxy.log"),
        host.start("haproxy", List.of("haproxy", "-db", "-f", config.toString())));
  }

  private static Hop started(int port, Path log, SceneProcess process) {
    process.awaitListening(port, LIMIT);
    return new Hop(port, process, log);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }
}
