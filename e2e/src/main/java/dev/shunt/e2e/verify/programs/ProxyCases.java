package dev.shunt.e2e.verify.programs;

import static dev.shunt.e2e.verify.programs.Scenario.everywhere;
import static dev.shunt.e2e.verify.programs.Scenario.local;

import dev.shunt.e2e.scene.EnvoyBinary;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.verify.programs.Scenario.Fate;
import java.nio.file.Path;
import java.util.List;

/** haproxy and Envoy between a client and an application. Main thread; no state. */
final class ProxyCases {
  private static final int APP_PORT = 8090;
  private static final int ECHO_PORT = 9001;
  private static final String LOOPBACK = "127.0.0.1";

  private static final String SPLICE =
      "option splice-auto\n    option splice-request\n    option splice-response";

  private ProxyCases() {}

  static List<Scenario> all() {
    return List.of(
        everywhere(
            "haproxy_http",
            "haproxy without splice, with deferred accept, before an HTTP application",
            Fate.REDIRECTED,
            run -> http(run, "no option splice-auto")),
        local(
            "haproxy_http_splice",
            "haproxy with option splice-* before an HTTP application",
            Fate.UNTIL_TRAIT,
            run -> http(run, SPLICE)),
        local(
            "haproxy_tcp",
            "haproxy in TCP mode without splice before an echo server",
            Fate.REDIRECTED,
            run -> tcp(run, "no option splice-auto")),
        local(
            "haproxy_tcp_splice",
            "haproxy in TCP mode with option splice-* before an echo server",
            Fate.UNTIL_TRAIT,
            run -> tcp(run, SPLICE)),
        everywhere(
            "envoy_http",
            "Envoy's HTTP connection manager before an HTTP application",
            Fate.REDIRECTED,
            ProxyCases::envoyHttp),
        local(
            "envoy_tcp",
            "Envoy's TCP proxy before an echo server",
            Fate.REDIRECTED,
            ProxyCases::envoyTcp));
  }

  private static void http(ProgramRun run, String option) {
    WebServerCases.startApp(run);
    startHaproxy(run, "http", option, APP_PORT);
    WebServerCases.ask(run, "both");
  }

  private static void tcp(ProgramRun run, String option) {
    Echo.serve(run, "asyncio", LOOPBACK, ECHO_PORT);
    startHaproxy(run, "tcp", option, ECHO_PORT);
    Echo.ask(run, "asyncio", WebServerCases.PORT);
  }

  private static void startHaproxy(ProgramRun run, String mode, String option, int serverPort) {
    String config =
        """
        global
            nbthread 2
        defaults
            mode MODE
            timeout connect 10s
            timeout client 60s
            timeout server 60s
            OPTION
        frontend front
            bind ADDRESS:8080 DEFER
            default_backend back
        backend back
            server app 127.0.0.1:PORT
        """
            .replace("MODE", mode)
            .replace("OPTION", option)
            .replace("ADDRESS", run.address())
            .replace("DEFER", mode.equals("http") ? "defer-accept" : "")
            .replace("PORT", Integer.toString(serverPort));
    Path folder = run.folder("haproxy", ProgramRun.UID);
    Path file = SceneDirectory.write(folder.resolve("haproxy.cfg"), config, ProgramRun.UID);
    run.serverAs(
        ProgramRun.UID,
        "haproxy",
        WebServerCases.PORT,
        List.of(Programs.path("haproxy"), "-db", "-q", "-f", file.toString()));
  }

  private static void envoyHttp(ProgramRun run) {
    WebServerCases.startApp(run);
    String filter =
        """
        - name: envoy.filters.network.http_connection_manager
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
            stat_prefix: front
            route_config:
              virtual_hosts:
              - name: app
                domains: ["*"]
                routes: [{match: {prefix: "/"}, route: {cluster: app}}]
            http_filters:
            - name: envoy.filters.http.router
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
        """;
    startEnvoy(run, filter, APP_PORT);
    WebServerCases.ask(run, "both");
  }

  private static void envoyTcp(ProgramRun run) {
    Echo.serve(run, "asyncio", LOOPBACK, ECHO_PORT);
    String filter =
        """
        - name: envoy.filters.network.tcp_proxy
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
            stat_prefix: front
            cluster: app
        """;
    startEnvoy(run, filter, ECHO_PORT);
    Echo.ask(run, "asyncio", WebServerCases.PORT);
  }

  private static void startEnvoy(ProgramRun run, String filter, int serverPort) {
    String config =
        """
        static_resources:
          listeners:
          - address: {socket_address: {address: ADDRESS, port_value: 8080}}
            filter_chains:
            - filters:
        FILTER
          clusters:
          - name: app
            type: STATIC
            connect_timeout: 10s
            load_assignment:
              cluster_name: app
              endpoints:
              - lb_endpoints:
                - endpoint:
                    address: {socket_address: {address: 127.0.0.1, port_value: PORT}}
        """
            .replace("FILTER\n", filter.indent(6))
            .replace("ADDRESS", run.address())
            .replace("PORT", Integer.toString(serverPort));
    Path folder = run.folder("envoy", ProgramRun.UID);
    Path file = SceneDirectory.write(folder.resolve("envoy.yaml"), config, 0);
    run.server(
        "envoy",
        WebServerCases.PORT,
        List.of(
            EnvoyBinary.path().toString(),
            "--config-path",
            file.toString(),
            "--concurrency",
            "2",
            "--disable-hot-restart",
            "--log-level",
            "warning"));
  }
}
