package dev.shunt.e2e.verify.scenes;

import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.EnvoySidecar;
import dev.shunt.e2e.scene.EnvoyTls;
import dev.shunt.e2e.scene.Pod;
import dev.shunt.e2e.scene.RoutedNetwork;
import dev.shunt.e2e.scene.RoutedNetwork.Place;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.Teardown;
import dev.shunt.e2e.verify.scenes.SceneShape.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A scene as it stands: network, pods with their rules, sidecars, application. Each role has a
 * cgroup of its own, by which its connections are told. One thread builds it; {@link #close} also
 * from a shutdown hook.
 */
final class SceneBed implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(40);

  private final Teardown teardown = new Teardown();
  private final SceneShape shape;
  private final CgroupTree cgroup;
  private final SceneDirectory directory;
  private final RoutedNetwork network;
  private final Place client;
  private final Place server;
  private final Map<Role, Pod> pods = new EnumMap<>(Role.class);

  private SceneBed(
      Teardown registered,
      String name,
      SceneShape shape,
      CgroupTree cgroup,
      SceneDirectory directory) {
    registered.add(this);
    this.shape = shape;
    this.cgroup = cgroup;
    this.directory = directory;
    try {
      network = teardown.add(RoutedNetwork.create(name));
      Topology topology = shape.topology();
      client = topology == Topology.HOST_CLIENT ? network.host() : network.addPod("a");
      server = topology == Topology.HOST_APP ? network.host() : network.addPod("b");
      for (Role role : topology.roles()) {
        pods.put(role, pod(role));
      }
      capture();
      startProcesses();
    } catch (RuntimeException e) {
      teardown.close();
      throw e;
    }
  }

  /**
   * Builds a scene and waits until traffic can flow.
   *
   * @param registered gets to know the bed before anything is made
   * @param name start of its namespaces' names, unique on this host
   * @param cgroup parent of the roles' cgroups; the caller closes it after this bed
   * @param directory for the processes' files; the caller closes it after this bed
   * @throws dev.shunt.e2e.scene.SceneUnavailableException this host cannot have it
   */
  static SceneBed create(
      Teardown registered,
      String name,
      SceneShape shape,
      CgroupTree cgroup,
      SceneDirectory directory) {
    return new SceneBed(registered, name, shape, cgroup, directory);
  }

  private Pod pod(Role role) {
    Place place = role.isInClientPod() ? client : server;
    CgroupTree own = teardown.add(cgroup.child(role.folder()));
    return new Pod(role.folder(), place.namespace(), own, directory);
  }

  private void capture() {
    if (shape.topology() != Topology.HOST_CLIENT) {
      MeshRules.install(of(Role.CLIENT), shape.mesh(), shape.family());
    }
    if (shape.topology() != Topology.HOST_APP) {
      MeshRules.install(of(Role.APP), shape.mesh(), shape.family());
    }
    if (shape.topology() == Topology.SERVICE) {
      new ServiceRules(server, shape).install(host());
    }
  }

  /** The namespace that stands for the host, for commands. */
  private Pod host() {
    return new Pod("host", network.host().namespace(), cgroup, directory);
  }

  private void startProcesses() {
    Optional<EnvoyTls> tls =
        shape.security() == Security.MTLS
            ? Optional.of(Certificates.make(directory))
            : Optional.empty();
    List<EnvoySidecar> sidecars = new ArrayList<>();
    if (shape.topology().has(Role.OUTBOUND)) {
      sidecars.add(
          EnvoySidecar.start(
              of(Role.OUTBOUND), SidecarConfigs.outbound(shape, tls), shape.mesh().user()));
    }
    if (shape.topology().has(Role.INBOUND)) {
      sidecars.add(
          EnvoySidecar.start(
              of(Role.INBOUND), SidecarConfigs.inbound(shape, tls), shape.mesh().user()));
    }
    sidecars.forEach(teardown::add);
    SceneProcess app = teardown.add(SceneApps.start(of(Role.APP), shape));
    sidecars.forEach(EnvoySidecar::awaitReady);
    app.awaitListening(shape.appPort(), START_LIMIT);
  }

  SceneShape shape() {
    return shape;
  }

  CgroupTree cgroup() {
    return cgroup;
  }

  /** Where a role's processes run. */
  Pod of(Role role) {
    Pod pod = pods.get(role);
    if (pod == null) {
      throw new IllegalArgumentException("role: " + role + " (expected: one of the topology's)");
    }
    return pod;
  }

  /** Network namespaces of client and application. */
  List<String> namespaces() {
    return List.of(client.namespace().name(), server.namespace().name());
  }

  /** One for each family: {@code address:port} that the client dials. */
  List<String> entrances() {
    boolean isService = shape.topology() == Topology.SERVICE;
    int port = isService ? SceneShape.SERVICE_PORT : shape.appPort();
    String of4 = isService ? SceneShape.SERVICE : server.namespace().address();
    String of6 = isService ? SceneShape.SERVICE6 : server.address6();
    return shape.family().both(of4 + ":" + port, "[" + of6 + "]:" + port);
  }

  /** Bytes that a hop's device has carried so far, headers included, in both directions. */
  long deviceBytes(Topology.Hop hop) {
    if (hop.isWithinPod()) {
      return NetCounters.loopbackBytes(of(hop.to()).procNet("dev"));
    }
    // one end may be in the host's namespace: the pod's own device has all of it
    Role inPod = shape.topology() == Topology.HOST_APP ? hop.from() : hop.to();
    return NetCounters.deviceBytes(of(inPod).procNet("dev"));
  }

  /** Resets that were sent or received so far where client and application are. */
  long resets() {
    return NetCounters.resets(of(Role.CLIENT).procNet("snmp"))
        + NetCounters.resets(of(Role.APP).procNet("snmp"));
  }

  @Override
  public void close() {
    teardown.close();
  }
}
