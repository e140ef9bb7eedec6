package dev.shunt.e2e.verify.scenes;

import dev.shunt.e2e.demo.ShuntProgram;
import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.H2Load;
import dev.shunt.e2e.scene.Pod;
import dev.shunt.e2e.scene.RoutedNetwork;
import dev.shunt.e2e.scene.RoutedNetwork.Place;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneName;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.Teardown;
import dev.shunt.e2e.verify.behaviour.NodeHost;
import dev.shunt.e2e.verify.behaviour.NodePlace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** Two pods of a node without sidecars, and a server on another machine. One thread. */
final class SameNodeBed implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int CONNECTIONS = 4;

  private final Teardown teardown = new Teardown();
  private final SceneDirectory directory;
  private final RoutedNetwork network;
  private final Pod client;
  private final Place server;
  private final NodeHost node;
  private int loads;

  private SameNodeBed(UnaryOperator<String> policies) {
    String name = SceneName.fresh("it").toString();
    try {
      directory = teardown.add(SceneDirectory.create(name));
      CgroupTree root = teardown.add(CgroupTree.create(name));
      CgroupTree here = root.child("here");
      network = teardown.add(RoutedNetwork.create(name));
      Place a = network.addPod("a");
      server = network.addPod("b");
      client = new Pod("client", a.namespace(), here.child("client"), directory);
      serve("server", server, here);
      serve("remote", network.machine(), root);
      List<String> namespaces = List.of(a.namespace().name(), server.namespace().name());
      NodePlace place = new NodePlace(name, directory.path(), here, namespaces, policies);
      node = teardown.add(new NodeHost(place, ShuntProgram.thisBuild()));
      node.start();
    } catch (RuntimeException e) {
      teardown.close();
      throw e;
    }
  }

  /** Makes it, with a node whose policies are given by namespace. */
  static SameNodeBed make(UnaryOperator<String> policies) {
    return new SameNodeBed(policies);
  }

  private void serve(String name, Place place, CgroupTree parent) {
    Pod pod = new Pod(name, place.namespace(), parent.child(name), directory);
    SceneProcess app = teardown.add(HttpApp.start(pod, SceneShape.APP_PORT, Protocol.HTTP1));
    app.awaitListening(SceneShape.APP_PORT, LIMIT);
  }

  NodeHost node() {
    return node;
  }

  Path directory() {
    return directory.path();
  }

  PacketCapture capture(String device) {
    return teardown.add(
        PacketCapture.start(network.host().namespace().name(), device, directory.path()));
  }

  /** Load from pod a to pod b, by both families. */
  void driveNear(int millis) {
    drive(server, millis);
  }

  /** Load from pod a to pod b whose connections live all the time. */
  void driveNearAtOnce(int millis) {
    drive(server.namespace().address(), millis);
  }

  /** Load from pod a to the other machine, by both families. */
  void driveFar(int millis) {
    drive(network.machine(), millis);
  }

  private void drive(Place place, int millis) {
    drive(place.namespace().address(), millis / 2);
    drive("[" + place.address6() + "]", millis / 2);
  }

  private void drive(String address, int millis) {
    String url = "http://" + address + ":" + SceneShape.APP_PORT + HttpApp.LOAD_BODY;
    Pod named = new Pod("load" + loads++, client.namespace(), client.cgroup(), client.directory());
    teardown.add(H2Load.http1(named, url)).run(CONNECTIONS, millis);
  }

  @Override
  public void close() {
    teardown.close();
  }
}
