package dev.shunt.e2e.scene;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * An HTTP sidecar proxy of a pod: haproxy with one outbound listener that forwards to the original
 * destination and one inbound listener that forwards to the application on localhost. Keep-alive on
 * both sides, no splice. One thread; {@link #close} stops it.
 */
public final class HaproxySidecar implements AutoCloseable {
  /** Istio's proxy user, port of captured outbound and port of captured inbound traffic. */
  public static final int UID = 1337;

  public static final int OUTBOUND_PORT = 15001;
  public static final int INBOUND_PORT = 15006;

  private static final Duration START_LIMIT = Duration.ofSeconds(10);

  private final SceneProcess process;

  private HaproxySidecar(SceneProcess process) {
    this.process = process;
  }

  /**
   * Starts the sidecar; {@link #awaitReady} then waits for its listeners.
   *
   * @param appPort port on 127.0.0.1 where the pod's application listens
   */
  public static HaproxySidecar start(Pod pod, int appPort) {
    Path folder = pod.folder("sidecar", UID);
    Path config = SceneDirectory.write(folder.resolve("haproxy.cfg"), configuration(appPort), UID);
    List<String> argv =
        List.of(SceneRequirements.program("haproxy"), "-db", "-q", "-f", config.toString());
    return new HaproxySidecar(pod.start("sidecar", UID, argv));
  }

  static String configuration(int appPort) {
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
        "    bind 0.0.0.0:" + OUTBOUND_PORT,
        "    default_backend original_destination",
        "backend original_destination",
        // address and port zero: where the client wanted to go before REDIRECT (SO_ORIGINAL_DST)
        "    server original 0.0.0.0:0",
        "frontend inbound",
        "    bind 0.0.0.0:" + INBOUND_PORT,
        "    default_backend application",
        "backend application",
        "    server application 127.0.0.1:" + appPort,
        "");
  }

  /** Waits until both listeners are there. */
  public void awaitReady() {
    process.awaitListening(OUTBOUND_PORT, START_LIMIT);
    process.awaitListening(INBOUND_PORT, START_LIMIT);
  }

  public SceneProcess process() {
    return process;
  }

  @Override
  public void close() {
    process.close();
  }
}
