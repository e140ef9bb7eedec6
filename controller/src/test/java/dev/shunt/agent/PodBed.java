package dev.shunt.agent;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.libbpf.Netns;
import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.desired.pod.PodNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;

/**
 * Pods as a kubelet leaves them on a host: a process in a cgroup named after the uid, and in a
 * network namespace of its own. This process moves between the cgroups to act as a container of
 * one. One thread; closing removes all of it.
 */
final class PodBed implements AutoCloseable {
  private final Path home;
  private final Path cgroup;
  private final List<Pod> pods = new ArrayList<>();

  private PodBed(Path home, Path cgroup) {
    this.home = home;
    this.cgroup = cgroup;
  }

  /** Makes a cgroup with this name below the root, and moves this process into it. */
  static PodBed open(String name) throws IOException {
    CgroupTree tree = CgroupTree.find().orElseThrow();
    Path home =
        Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
            .filter(line -> line.startsWith("0::/"))
            .map(line -> tree.root().resolve(line.substring("0::/".length())).normalize())
            .findFirst()
            .orElseThrow();
    PodBed bed = new PodBed(home, tree.root().resolve(name));
    Files.createDirectories(bed.cgroup.resolve("tester"));
    bed.enter(bed.cgroup.resolve("tester"));
    return bed;
  }

  /** What a node has to cover. */
  Path cgroup() {
    return cgroup;
  }

  /** Moves this process: sockets belong to the cgroup of their maker. */
  private void enter(Path directory) {
    try {
      Files.writeString(directory.resolve("cgroup.procs"), "0");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** How a kubelet names the cgroup of a pod. */
  enum Driver {
    SYSTEMD("kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod%s.slice"),
    CGROUPFS("kubepods/besteffort/pod%s");

    private final String form;

    Driver(String form) {
      this.form = form;
    }

    String path(String uid) {
      return form.formatted(this == SYSTEMD ? uid.replace('-', '_') : uid);
    }
  }

  /** A pod with one container that sleeps. */
  final class Pod implements AutoCloseable {
    private final String uid = UUID.randomUUID().toString();
    private final String netns;
    private final Path directory;
    private final Process process;

    private Pod(Driver driver, PodNetwork network) throws IOException {
      boolean ownNetwork = network == PodNetwork.OWN;
      directory = cgroup.resolve(driver.path(uid));
      netns = ownNetwork ? "pod-it-" + uid.substring(0, 8) : "";
      Files.createDirectories(container());
      List<String> argv = new ArrayList<>();
      if (ownNetwork) {
        TestObjects.run(List.of("ip", "netns", "add", netns));
        TestObjects.run(List.of("ip", "-n", netns, "link", "set", "lo", "up"));
        argv.addAll(List.of("nsenter", "--net=/run/netns/" + netns));
      }
      argv.addAll(List.of("sleep", "1000"));
      process = new ProcessBuilder(argv).start();
      Files.writeString(container().resolve("cgroup.procs"), Long.toString(process.pid()));
    }

    /** The cgroup of its container. */
    Path container() {
      return directory.resolve("cri-containerd-1.scope");
    }

    /** Name of its network namespace under /run/netns. */
    String netns() {
      return netns;
    }

    String uid() {
      return uid;
    }

    /** Runs a task in the network namespace of the pod. */
    <T> T inNetwork(Callable<T> task) {
      return Netns.call(Path.of("/run/netns", netns), task);
    }

    /** Runs a task as a process of the pod. */
    void inCgroup(Runnable task) {
      enter(container());
      try {
        task.run();
      } finally {
        enter(cgroup.resolve("tester"));
      }
    }

    @Override
    public void close() throws IOException {
      process.destroyForcibly();
      process.onExit().join();
      if (!netns.isEmpty()) {
        TestObjects.run(List.of("ip", "netns", "delete", netns));
      }
      Files.deleteIfExists(container());
      Files.deleteIfExists(directory);
    }
  }

  /** Starts a pod with a network of its own. */
  Pod pod(Driver driver) throws IOException {
    Pod pod = new Pod(driver, PodNetwork.OWN);
    pods.add(pod);
    return pod;
  }

  /** Starts a pod on the network of the node. */
  Pod hostNetworkPod(Driver driver) throws IOException {
    Pod pod = new Pod(driver, PodNetwork.HOST);
    pods.add(pod);
    return pod;
  }

  /** Stops a pod. */
  void stop(Pod pod) throws IOException {
    pods.remove(pod);
    pod.close();
  }

  @Override
  public void close() throws IOException {
    for (Pod pod : List.copyOf(pods)) {
      stop(pod);
    }
    enter(home);
    Deque<Path> deepestFirst = new ArrayDeque<>();
    try (var paths = Files.walk(cgroup)) {
      paths.filter(Files::isDirectory).forEach(deepestFirst::push);
    }
    for (Path directory : deepestFirst) {
      Files.delete(directory);
    }
  }
}
