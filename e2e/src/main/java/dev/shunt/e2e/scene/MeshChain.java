package dev.shunt.e2e.scene;

import java.util.List;

/**
 * Two pods of a mesh on one node and HTTP load between them: load generator of pod a, REDIRECT,
 * sidecar of a, veth, REDIRECT, sidecar of b, application of b. One thread; {@link #close} removes
 * pods, processes and network (also from a shutdown hook).
 */
public final class MeshChain implements AutoCloseable {
  private final Teardown teardown = new Teardown();
  private final CgroupTree cgroup;
  private final PodNetwork network;
  private final Pod client;
  private final Pod server;
  private final HaproxySidecar clientSidecar;
  private final HaproxySidecar serverSidecar;
  private final WrkLoad load;

  private MeshChain(String name, CgroupTree cgroup, SceneDirectory directory, int bodyBytes) {
    this.cgroup = cgroup;
    try {
      network = teardown.add(PodNetwork.create(name));
      client = pod("a", directory);
      server = pod("b", directory);
      clientSidecar = teardown.add(HaproxySidecar.start(client, NginxApp.PORT));
      serverSidecar = teardown.add(HaproxySidecar.start(server, NginxApp.PORT));
      NginxApp app = teardown.add(NginxApp.start(server, bodyBytes));
      clientSidecar.awaitReady();
      serverSidecar.awaitReady();
      app.awaitReady();
      String url = "http://" + server.namespace().address() + ":" + NginxApp.PORT + "/body";
      load = teardown.add(WrkLoad.create(client, url));
    } catch (RuntimeException e) {
      teardown.close();
      throw e;
    }
  }

  /**
   * Builds the chain and waits until it can carry traffic.
   *
   * @param name start of its namespaces' names, unique on this host
   * @param cgroup parent of the pods' cgroups; the caller closes it after this chain
   * @param directory for the processes' files; the caller closes it after this chain
   * @param bodyBytes size of the application's response body
   */
  public static MeshChain create(
      String name, CgroupTree cgroup, SceneDirectory directory, int bodyBytes) {
    return new MeshChain(name, cgroup, directory, bodyBytes);
  }

  private Pod pod(String podName, SceneDirectory directory) {
    String unique = cgroup.path().getFileName() + "-" + podName;
    Pod pod =
        new Pod(
            unique,
            network.addPod(podName),
            teardown.add(cgroup.child("pod-" + podName)),
            directory);
    MeshRedirect.install(pod);
    return pod;
  }

  /** The cgroup above both pods. */
  public CgroupTree cgroup() {
    return cgroup;
  }

  /** The pods' network namespaces. */
  public List<String> namespaces() {
    return List.of(client.namespace().name(), server.namespace().name());
  }

  /** Drives load through the chain with fresh client connections; see {@link WrkLoad#run}. */
  public WrkResult drive(int connections, int seconds) {
    return load.run(connections, seconds);
  }

  /** CPU time that all processes of the chain used so far, in microseconds. */
  public long cpuMicros() {
    return cgroup.cpuMicros();
  }

  /**
   * Bytes that the pods' network devices (lo and eth0) received so far, headers included: what
   * still goes through the TCP/IP stack, as counted by the kernel and not by Shunt.
   */
  public long deviceBytes() {
    return SocketTable.deviceBytes(clientSidecar.process().pid())
        + SocketTable.deviceBytes(serverSidecar.process().pid());
  }

  @Override
  public void close() {
    teardown.close();
  }
}
