package dev.shunt.e2e.cluster.kubelet;

import dev.shunt.e2e.cluster.ClusterNetwork;
import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneException;
import io.kubernetes.client.openapi.models.V1Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A Pod that has its sandbox and volumes: what its containers are started in. The Pod's thread, but
 * for {@link #execute}.
 *
 * @param parts of the kubelet
 * @param fields of the Pod
 * @param sandbox of the Pod
 * @param volumes of the Pod
 */
record PodScene(KubeletParts parts, PodFields fields, PodSandbox sandbox, PodVolumes volumes) {
  private static final String API_PORT = "443";
  private static final Duration SETUP_LIMIT = Duration.ofSeconds(10);

  /** The same with what the Pod says of itself now. */
  PodScene with(PodFields now) {
    return new PodScene(parts, now, sandbox, volumes);
  }

  Map<String, String> environment(V1Container container) {
    Map<String, String> services =
        Map.of(
            "KUBERNETES_SERVICE_HOST",
            ClusterNetwork.API_SERVICE,
            "KUBERNETES_SERVICE_PORT",
            API_PORT,
            "KUBERNETES_SERVICE_PORT_HTTPS",
            API_PORT);
    return new PodEnvironment(new KubeletObjects(parts.core()), services, NodeObject.capacity())
        .of(container, fields);
  }

  /**
   * Starts a container's process.
   *
   * @param cgroup of the container
   * @param log gets its output
   * @throws SceneException when it cannot be started
   */
  Process start(V1Container container, CgroupTree cgroup, Path log) {
    Map<String, String> environment = environment(container);
    List<Mount> mounts = new ArrayList<>(names());
    mounts.addAll(volumes.of(container, environment));
    String own = String.valueOf(log.getFileName());
    ContainerCommand.Place place =
        new ContainerCommand.Place(
            sandbox, cgroup, sandbox.folder("scratch-" + container.getName() + "-" + own), mounts);
    List<String> argv =
        command(container).run(fields.pod().getSpec(), container, place, environment);
    Process process = parts.tools().spawner().start(argv, environment, log);
    awaitInside(process);
    return process;
  }

  /** What enters a container must not come before the container has its mounts. */
  private void awaitInside(Process process) {
    Path program = Path.of("/proc", Long.toString(process.pid()), "exe");
    Await.until(() -> !process.isAlive() || !isBeingMade(program), SETUP_LIMIT);
  }

  /** Whether the program is still the one that makes the container. */
  private boolean isBeingMade(Path program) {
    try {
      return Files.readSymbolicLink(program).equals(parts.program());
    } catch (IOException e) {
      return false; // it ended
    }
  }

  private ContainerCommand command(V1Container container) {
    return new ContainerCommand(
        parts.program(),
        parts.settings().cgroup(),
        parts.surroundings().images().of(container.getImage()));
  }

  /** There is no DNS: the names of Services are in /etc/hosts. */
  private List<Mount> names() {
    Path folder = sandbox.folder("names");
    Path resolver = folder.resolve("resolv.conf");
    try {
      Files.writeString(resolver, "# names of Services are in /etc/hosts\n");
    } catch (IOException e) {
      throw new SceneException("write " + resolver + " failed: " + e, e);
    }
    writeHosts();
    return List.of(
        Mount.readOnly(folder.resolve("hosts"), "/etc/hosts"),
        Mount.readOnly(resolver, "/etc/resolv.conf"));
  }

  /** Writes the names of all Services, into the file that containers have mounted. */
  void writeHosts() {
    Path hosts = sandbox.folder("names").resolve("hosts");
    String text =
        parts
            .surroundings()
            .proxy()
            .hosts(
                fields.pod().getMetadata().getNamespace(),
                sandbox.address() + " " + fields.pod().getMetadata().getName());
    try {
      if (!Files.exists(hosts) || !Files.readString(hosts).equals(text)) {
        Files.writeString(hosts, text); // in place: a mount is of the file, not of its name
      }
    } catch (IOException e) {
      throw new SceneException("write " + hosts + " failed: " + e, e);
    }
  }

  /**
   * Runs a command beside a container's process. Any thread; blocks.
   *
   * @return whether it ended with 0 within the limit
   */
  boolean execute(
      V1Container container, ContainerCommand.Inside inside, List<String> command, Duration limit) {
    List<String> argv = command(container).exec(fields.pod().getSpec(), container, inside, command);
    Process process =
        parts
            .tools()
            .spawner()
            .start(argv, environment(container), sandbox.folder("exec").resolve("log"));
    try {
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue() == 0;
      }
      process.destroyForcibly();
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      return false;
    }
  }
}
