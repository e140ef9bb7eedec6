package dev.shunt.e2e.scene;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * nginx as a pod's sidecar. It cannot ask for the original destination, so the next hop is always
 * configured. It speaks HTTP/2 upstream for gRPC only: of an HTTP/2 chain the first hop is HTTP/2
 * and the others are HTTP/1.1. One thread; {@link #close} stops it.
 */
public final class NginxSidecar implements Sidecar {
  private static final Duration START_LIMIT = Duration.ofSeconds(10);

  private final SceneProcess process;

  private NginxSidecar(SceneProcess process) {
    this.process = process;
  }

  /** Starts the sidecar; {@link #awaitReady} then waits for its listeners. */
  public static NginxSidecar start(Pod pod, SidecarPlan plan) {
    Path folder = pod.folder("sidecar", UID);
    Path config =
        SceneDirectory.write(folder.resolve("nginx.conf"), configuration(plan, folder), UID);
    List<String> argv =
        List.of(
            SceneRequirements.program("nginx"),
            "-e",
            "stderr",
            "-p",
            folder.toString(),
            "-c",
            config.toString());
    return new NginxSidecar(pod.start("sidecar", UID, argv));
  }

  static String configuration(SidecarPlan plan, Path folder) {
    List<String> lines = new ArrayList<>();
    lines.addAll(
        List.of(
            "daemon off;",
            "worker_processes 1;",
            "pid " + folder + "/nginx.pid;",
            "error_log stderr warn;",
            "events { worker_connections 8192; }",
            "http {",
            "  access_log off;",
            "  keepalive_timeout 300s;",
            "  keepalive_requests 1000000000;",
            "  client_body_temp_path " + folder + "/client;",
            "  proxy_temp_path " + folder + "/proxy;",
            "  fastcgi_temp_path " + folder + "/fastcgi;",
            "  uwsgi_temp_path " + folder + "/uwsgi;",
            "  scgi_temp_path " + folder + "/scgi;",
            "  proxy_http_version 1.1;",
            "  proxy_set_header Connection '';",
            "  proxy_set_header Host $http_host;",
            // large bodies would go through a file: the disk is not what is measured
            "  proxy_max_temp_file_size 0;"));
    NextHop next = plan.outbound();
    lines.addAll(upstream("next", next.address() + ":" + next.port()));
    lines.addAll(upstream("application", "127.0.0.1:" + plan.appPort()));
    String grpc = plan.wire() == Wire.GRPC ? " http2" : "";
    String outbound = plan.wire() == Wire.HTTP1 ? "" : " http2";
    lines.addAll(server(OUTBOUND_PORT + outbound, pass(plan.wire()) + "next"));
    lines.addAll(server(INBOUND_PORT + grpc, pass(plan.wire()) + "application"));
    lines.add("}");
    lines.add("");
    return String.join("\n", lines);
  }

  private static String pass(Wire wire) {
    return wire == Wire.GRPC ? "grpc_pass grpc://" : "proxy_pass http://";
  }

  private static List<String> upstream(String name, String address) {
    return List.of(
        "  upstream " + name + " {",
        "    server " + address + ";",
        "    keepalive 1024;",
        "    keepalive_requests 1000000000;",
        "    keepalive_timeout 300s;",
        "  }");
  }

  private static List<String> server(String listen, String pass) {
    return List.of(
        "  server {",
        "    listen 0.0.0.0:" + listen + ";",
        "    location / { " + pass + "; }",
        "  }");
  }

  @Override
  public void awaitReady() {
    process.awaitListening(OUTBOUND_PORT, START_LIMIT);
    process.awaitListening(INBOUND_PORT, START_LIMIT);
  }

  @Override
  public SceneProcess process() {
    return process;
  }

  @Override
  public void close() {
    process.close();
  }
}
