package dev.shunt.e2e.scene;

import dev.shunt.e2e.scene.EnvoyConfig.Cluster;
import dev.shunt.e2e.scene.EnvoyConfig.Listener;
import dev.shunt.e2e.scene.EnvoyConfig.Trait;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Envoy as a pod's sidecar, one worker thread. One thread; {@link #close} stops it. Fetching the
 * program the first time may block for minutes.
 */
public final class EnvoySidecar implements Sidecar {
  /** Envoy reads its own 100 MB first. */
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private final SceneProcess process;
  private final Set<Integer> ports;

  private EnvoySidecar(SceneProcess process, Set<Integer> ports) {
    this.process = process;
    this.ports = ports;
  }

  /** Starts the usual sidecar; {@link #awaitReady} then waits for its listeners. */
  public static EnvoySidecar start(Pod pod, SidecarPlan plan) {
    return start(pod, configuration(plan));
  }

  /** Starts Envoy with any configuration; {@link #awaitReady} waits for its bound listeners. */
  public static EnvoySidecar start(Pod pod, EnvoyConfig config) {
    return start(pod, config, PodUser.of(UID));
  }

  /** As the other one, as another user than Istio's. */
  public static EnvoySidecar start(Pod pod, EnvoyConfig config, PodUser user) {
    Path folder = pod.folder("sidecar", user.uid());
    Path file = SceneDirectory.write(folder.resolve("envoy.yaml"), config.yaml(), user.uid());
    List<String> argv =
        List.of(
            EnvoyBinary.path().toString(),
            "--config-path",
            file.toString(),
            "--concurrency",
            "1",
            // shares memory by a number that is one per host
            "--disable-hot-restart",
            "--log-level",
            "warning");
    return new EnvoySidecar(pod.start("sidecar", user, argv), config.boundPorts());
  }

  static EnvoyConfig configuration(SidecarPlan plan) {
    Optional<String> next = plan.outbound().configuredAddress();
    Set<Trait> traits = next.isPresent() ? Set.of() : Set.of(Trait.ORIGINAL_DESTINATION);
    return new EnvoyConfig(
        List.of(
            Listener.http("outbound", OUTBOUND_PORT, traits, "next_hop"),
            Listener.http("inbound", INBOUND_PORT, Set.of(), "application")),
        List.of(
            new Cluster("next_hop", next),
            new Cluster("application", Optional.of("127.0.0.1:" + plan.appPort()))));
  }

  @Override
  public void awaitReady() {
    ports.forEach(port -> process.awaitListening(port, START_LIMIT));
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
