package dev.shunt.e2e.bench.socket;

import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.Pod;
import dev.shunt.e2e.scene.PodNetwork;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.Teardown;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where one variant's traffic flows: two pods with a server each, and whatever covers them. One
 * thread; {@link #close} also from a shutdown hook.
 */
final class LoadPlace implements AutoCloseable {
  /** No privileges needed, and none of the host's users. */
  private static final int UID = 64_217;

  private static final int PORT = 7001;
  private static final int REDIRECTED_PORT = 7002;
  private static final Duration START_LIMIT = Duration.ofSeconds(10);
  private static final String LOOPBACK = "127.0.0.1";

  private final Teardown teardown = new Teardown();
  private final CgroupTree cgroup;
  private final LoadProgram program;
  private final Pod client;
  private final Pod server;
  private final String unixSocket;
  private int drivers;

  private LoadPlace(String name, CgroupTree cgroup, SceneDirectory directory, LoadProgram program) {
    this.cgroup = cgroup;
    this.program = program;
    try {
      PodNetwork network = teardown.add(PodNetwork.create(name));
      client = pod(network, "a", directory);
      server = pod(network, "b", directory);
      // the server is itself on loopback, and REDIRECT catches what its pod sends elsewhere
      server.redirectOutput(REDIRECTED_PORT, PORT);
      Path folder = server.folder("load", UID);
      unixSocket = folder.resolve("s").toString();
      serve("tcp", "0.0.0.0:" + PORT).awaitListening(PORT, START_LIMIT);
      serve("unix", unixSocket);
    } catch (RuntimeException e) {
      teardown.close();
      throw e;
    }
  }

  /**
   * Builds the place and starts its servers.
   *
   * @param name start of its namespaces' names, unique on this host
   * @param cgroup of all its processes; the caller closes it after this place
   */
  static LoadPlace create(
      String name, CgroupTree cgroup, SceneDirectory directory, LoadProgram program) {
    return new LoadPlace(name, cgroup, directory, program);
  }

  private Pod pod(PodNetwork network, String podName, SceneDirectory directory) {
    String unique = cgroup.path().getFileName() + "-" + podName;
    CgroupTree own = teardown.add(cgroup.child("pod-" + podName));
    return new Pod(unique, network.addPod(podName), own, directory);
  }

  private SceneProcess serve(String name, String at) {
    return teardown.add(server.start("serve-" + name, UID, program.serve(at)));
  }

  /** The cgroup above both pods. */
  CgroupTree cgroup() {
    return cgroup;
  }

  /** The pods' network namespaces. */
  List<String> namespaces() {
    return List.of(client.namespace().name(), server.namespace().name());
  }

  /** Starts a client that drives load over TCP; the caller closes it. */
  LoadDriver driver(LoadPlan plan, Cover cover) {
    Pod from = plan.path() == LoadPath.POD_TO_POD ? client : server;
    String at =
        switch (plan.path()) {
          case LOOPBACK -> LOOPBACK + ":" + PORT;
          case REDIRECT -> client.namespace().address() + ":" + REDIRECTED_PORT;
          case POD_TO_POD -> server.namespace().address() + ":" + PORT;
        };
    return driver(from, at, plan, cover);
  }

  /** As {@link #driver}, over a Unix socket, whatever path the plan names. */
  LoadDriver driverOfUnix(LoadPlan plan) {
    return driver(server, unixSocket, plan, Cover.NONE);
  }

  private LoadDriver driver(Pod from, String at, LoadPlan plan, Cover cover) {
    List<String> argv = program.drive(at, plan);
    return new LoadDriver(
        plan.shape(), from.startDialogue("drive-" + ++drivers, UID, argv), cgroup, cover);
  }

  @Override
  public void close() {
    teardown.close();
  }
}
