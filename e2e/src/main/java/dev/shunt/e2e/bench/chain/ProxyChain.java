package dev.shunt.e2e.bench.chain;

import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.GrpcApp;
import dev.shunt.e2e.scene.MeshRedirect;
import dev.shunt.e2e.scene.NextHop;
import dev.shunt.e2e.scene.NginxApp;
import dev.shunt.e2e.scene.Pod;
import dev.shunt.e2e.scene.PodNetwork;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.Sidecar;
import dev.shunt.e2e.scene.SidecarPlan;
import dev.shunt.e2e.scene.SocketTable;
import dev.shunt.e2e.scene.Teardown;
import dev.shunt.e2e.scene.Wire;
import java.util.List;

/**
 * Two pods of one node, load between them through both sidecars. One thread; {@link #close} removes
 * pods, processes and network, also from a shutdown hook.
 */
final class ProxyChain implements AutoCloseable {
  /** Client to sidecar, sidecar to sidecar, sidecar to application. */
  static final int HOPS = 3;

  private final Teardown teardown = new Teardown();
  private final ChainShape shape;
  private final CgroupTree cgroup;
  private final SceneDirectory directory;
  private final PodNetwork network;
  private final Pod client;
  private final Pod server;
  private final Sidecar clientSidecar;
  private final Sidecar serverSidecar;
  private final ChainLoad load;

  private ProxyChain(String name, ChainShape shape, CgroupTree cgroup, SceneDirectory directory) {
    this.shape = shape;
    this.cgroup = cgroup;
    this.directory = directory;
    try {
      network = teardown.add(PodNetwork.create(name));
      client = pod("a");
      server = pod("b");
      clientSidecar = teardown.add(shape.proxy().start(client, plan()));
      serverSidecar = teardown.add(shape.proxy().start(server, plan()));
      Runnable appReady = startApp();
      clientSidecar.awaitReady();
      serverSidecar.awaitReady();
      appReady.run();
      load = teardown.add(ChainLoad.create(client, shape, entrance()));
    } catch (RuntimeException e) {
      teardown.close();
      throw e;
    }
  }

  /**
   * Builds a chain and waits until it can carry traffic.
   *
   * @param name start of its namespaces' names, unique on this host
   * @param cgroup parent of the pods' cgroups; the caller closes it after this chain
   * @param directory for the processes' files; the caller closes it after this chain
   */
  static ProxyChain create(
      String name, ChainShape shape, CgroupTree cgroup, SceneDirectory directory) {
    return new ProxyChain(name, shape, cgroup, directory);
  }

  private Pod pod(String podName) {
    String unique = cgroup.path().getFileName() + "-" + podName;
    Pod pod =
        new Pod(
            unique,
            network.addPod(podName),
            teardown.add(cgroup.child("pod-" + podName)),
            directory);
    if (shape.capture() == Capture.REDIRECT) {
      MeshRedirect.install(pod);
    }
    return pod;
  }

  /** The same for both sidecars; that of the server never sends anything out. */
  private SidecarPlan plan() {
    String address = server.namespace().address();
    NextHop next =
        shape.capture() == Capture.REDIRECT
            ? NextHop.originalDestination(address, NginxApp.PORT)
            : NextHop.configured(address, Sidecar.INBOUND_PORT);
    return new SidecarPlan(shape.wire(), next, shape.appPort());
  }

  private Runnable startApp() {
    if (shape.wire() == Wire.GRPC) {
      GrpcApp app = teardown.add(GrpcApp.start(server, shape.bodyBytes()));
      return app::awaitReady;
    }
    NginxApp app = teardown.add(NginxApp.start(server, shape.bodyBytes()));
    return app::awaitReady;
  }

  /** What the load generator connects to. */
  private String entrance() {
    return shape.capture() == Capture.REDIRECT
        ? "http://" + server.namespace().address() + ":" + NginxApp.PORT
        : "http://127.0.0.1:" + Sidecar.OUTBOUND_PORT;
  }

  /** The cgroup above both pods. */
  CgroupTree cgroup() {
    return cgroup;
  }

  /** The pods' network namespaces. */
  List<String> namespaces() {
    return List.of(client.namespace().name(), server.namespace().name());
  }

  /** Drives load through the chain with fresh client connections; see {@link ChainLoad#run}. */
  ChainSample drive(int millis) {
    return load.run(shape.connections(), millis);
  }

  /** CPU time that all processes of the chain used so far, in microseconds. */
  long cpuMicros() {
    return cgroup.cpuMicros();
  }

  /** Bytes that the pods' network devices received so far: what still crosses TCP/IP. */
  long deviceBytes() {
    return SocketTable.deviceBytes(clientSidecar.process().pid())
        + SocketTable.deviceBytes(serverSidecar.process().pid());
  }

  @Override
  public void close() {
    teardown.close();
  }
}
