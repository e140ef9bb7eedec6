package dev.shunt.e2e.verify.programs;

import static dev.shunt.e2e.verify.programs.Scenario.everywhere;
import static dev.shunt.e2e.verify.programs.Scenario.local;

import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.verify.programs.Scenario.Fate;
import java.nio.file.Path;
import java.util.List;

/** nginx and Apache. Main thread; no state. */
final class WebServerCases {
  static final int PORT = 8080;

  private static final int TLS_PORT = 8443;
  private static final int APP_PORT = 8090;
  private static final String LOOPBACK = "127.0.0.1";

  private WebServerCases() {}

  static List<Scenario> all() {
    return List.of(
        everywhere(
            "nginx_deferred",
            "nginx with deferred accept, serving files",
            Fate.REDIRECTED,
            run -> {
              startNginx(run);
              ask(run, "download");
            }),
        everywhere(
            "nginx_upload",
            "nginx before an application that takes uploads: nginx asks FIONREAD when they are large",
            Fate.UNTIL_TRAIT,
            run -> {
              startNginx(run);
              ask(run, "both");
            }),
        local(
            "nginx_wrk",
            "nginx under wrk: 16 connections, every answer complete",
            Fate.REDIRECTED,
            WebServerCases::wrk),
        local(
            "apache_event",
            "Apache with event MPM and deferred accept: files, and a proxied application",
            Fate.REDIRECTED,
            run -> {
              startApache(run);
              ask(run, "both");
            }));
  }

  /** The HTTP application behind servers and proxies, at the returned port of localhost. */
  static int startApp(ProgramRun run) {
    run.server(
        "app",
        APP_PORT,
        List.of(
            Programs.path("python3"),
            run.files().source("web_app.py").toString(),
            LOOPBACK,
            Integer.toString(APP_PORT),
            run.files().payload().toString()));
    return APP_PORT;
  }

  /**
   * Asks a server or proxy at {@link #PORT} for every body on eight connections.
   *
   * @param kind download, or both to upload as well
   */
  static void ask(ProgramRun run, String kind) {
    run.factsOf(
        "client",
        List.of(
            Programs.path("python3"),
            run.files().source("web_client.py").toString(),
            run.address(),
            Integer.toString(PORT),
            run.files().payload().toString(),
            kind));
  }

  private static void wrk(ProgramRun run) {
    startNginx(run);
    String url = "http://" + run.address() + ":" + PORT + "/bytes/1024";
    List<String> argv = List.of(Programs.path("wrk"), "-t1", "-c16", "-d2s", url);
    String report = run.client("wrk", argv);
    boolean failed = report.contains("Socket errors") || report.contains("Non-2xx");
    run.expect("errors", "none", failed ? report : "none");
    run.expect("answers", true, report.matches("(?s).*\\b[1-9]\\d* requests in .*"));
  }

  /** nginx at {@link #PORT}, and with TLS at the port after which it returns. */
  static int startNginx(ProgramRun run) {
    int appPort = startApp(run);
    Path folder = run.folder("nginx", ProgramRun.UID);
    String config = nginxConfiguration(run, folder, appPort);
    Path file = SceneDirectory.write(folder.resolve("nginx.conf"), config, ProgramRun.UID);
    run.serverAs(
        ProgramRun.UID,
        "nginx",
        PORT,
        List.of(Programs.path("nginx"), "-e", "stderr", "-p", folder + "", "-c", file + ""));
    return TLS_PORT;
  }

  private static String nginxConfiguration(ProgramRun run, Path folder, int appPort) {
    Path tls = run.files().certificate();
    SceneDirectory.write(
        folder.resolve("key.pem"), Text.read(tls.resolve("key.pem")), ProgramRun.UID);
    return """
        daemon off;
        worker_processes 2;
        pid FOLDER/nginx.pid;
        error_log stderr warn;
        events { worker_connections 512; }
        http {
          access_log off;
          sendfile on;
          tcp_nopush on;
          keepalive_requests 100000000;
          client_max_body_size 64m;
          client_body_temp_path FOLDER/client;
          proxy_temp_path FOLDER/proxy;
          fastcgi_temp_path FOLDER/fastcgi;
          uwsgi_temp_path FOLDER/uwsgi;
          scgi_temp_path FOLDER/scgi;
          upstream app { server 127.0.0.1:APP; keepalive 16; }
          server {
            listen ADDRESS:8080 deferred;
            listen ADDRESS:8443 ssl;
            ssl_certificate TLS/cert.pem;
            ssl_certificate_key FOLDER/key.pem;
            root ROOT;
            location /digest {
              proxy_pass http://app;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
            }
          }
        }
        """
        .replace("FOLDER", folder.toString())
        .replace("APP", Integer.toString(appPort))
        .replace("ADDRESS", run.address())
        .replace("TLS", tls.toString())
        .replace("ROOT", run.files().webRoot().toString());
  }

  private static void startApache(ProgramRun run) {
    int appPort = startApp(run);
    Path folder = run.folder("apache", ProgramRun.UID);
    String config = apacheConfiguration(run, folder, appPort);
    Path file = SceneDirectory.write(folder.resolve("apache.conf"), config, ProgramRun.UID);
    run.serverAs(
        ProgramRun.UID,
        "apache",
        PORT,
        List.of(Programs.path("apache2"), "-f", file.toString(), "-DFOREGROUND"));
  }

  private static String apacheConfiguration(ProgramRun run, Path folder, int appPort) {
    return """
        LoadModule mpm_event_module MODULES/mod_mpm_event.so
        LoadModule authz_core_module MODULES/mod_authz_core.so
        LoadModule proxy_module MODULES/mod_proxy.so
        LoadModule proxy_http_module MODULES/mod_proxy_http.so
        ServerRoot FOLDER
        ServerName localhost
        DefaultRuntimeDir FOLDER
        PidFile FOLDER/apache.pid
        Mutex file:FOLDER default
        ErrorLog FOLDER/error.log
        Listen ADDRESS:8080
        StartServers 1
        KeepAlive On
        MaxKeepAliveRequests 0
        EnableSendfile On
        AcceptFilter http data
        DocumentRoot ROOT
        ProxyPass /digest http://127.0.0.1:APP/digest
        """
        .replace("MODULES", "/usr/lib/apache2/modules")
        .replace("FOLDER", folder.toString())
        .replace("APP", Integer.toString(appPort))
        .replace("ADDRESS", run.address())
        .replace("ROOT", run.files().webRoot().toString());
  }
}
