package dev.shunt.e2e.scene;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * An HTTP sidecar proxy of a pod: haproxy with one outbound listener that forwards to the original
 * destination and one inbound listener that forwards to the application on localhost. Keep-alive on
 * both sides, no splice. One thread; {@link #close} stops it.
 */
public final class HaproxySidecar implements Sidecar {
  private static final Duration START_LIMIT = Duration.ofSeconds(10);

  private final SceneProcess process;

  private HaproxySidecar(SceneProcess process) {
    this.process = process;
  }

  /**
   * Starts a sidecar for captured HTTP/1.1; {@link #awaitReady} then waits for its listeners.
   *
   * @param appPort port on 127.0.0.1 where the pod's application listens
   */
  public static HaproxySidecar start(Pod pod, int appPort) {
    return start(
        pod, new SidecarPlan(Wire.HTTP1, NextHop.originalDestination("0.0.0.0", 0), appPort));
  }

  /** Starts the sidecar; {@link #awaitReady} then waits for its listeners. */
  public static HaproxySidecar start(Pod pod, SidecarPlan plan) {
    Path folder = pod.folder("sidecar", UID);
    Path config = SceneDirectory.write(folder.resolve("haproxy.cfg"), configuration(plan), UID);
    List<String> argv =
        List.of(SceneRequirements.program("haproxy"), "-db", "-q", "-f", config.toString());
    return new HaproxySidecar(pod.start("sidecar", UID, argv));
  }

  static String configuration(SidecarPlan plan) {
    // without TLS there is no negotiation: HTTP/2 must be named on both sides
    String proto = plan.wire() == Wire.HTTP1 ? "" : " proto h2";
    // address and port zero: where the client wanted to go before REDIRECT (SO_ORIGINAL_DST)
    String next = plan.outbound().configuredAddress().orElse("0.0.0.0:0");
    return String.join(
        "\n",
        "global",
        "    nbthread 1",
        "    nosplice",
        "    maxconn 4096",
        "defaults",
        "    mode http",
        "    option http-keep-alive",
        "    http-reuse always",
        "    timeout connect 5s",
        "    timeout client 120s",
        "    timeout server 120s",
        "    timeout http-keep-alive 120s",
        "frontend outbound",
        "    bind 0.0.0.0:" + OUTBOUND_PORT + proto,
        "    default_backend next_hop",
        "backend next_hop",
        "    server next " + next + proto,
        "frontend inbound",
        "    bind 0.0.0.0:" + INBOUND_PORT + proto,
        "    default_backend application",
        "backend application",
        "    server application 127.0.0.1:" + plan.appPort() + proto,
        "");
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
