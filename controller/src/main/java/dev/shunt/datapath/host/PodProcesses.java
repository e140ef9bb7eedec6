package dev.shunt.datapath.host;

import dev.shunt.datapath.host.PodOnHost.Container;
import dev.shunt.datapath.host.PodOnHost.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Looks into the cgroup of a pod: its containers and its network namespace. Needs the processes of
 * the host in /proc ({@code hostPID} in a container). Thread-safe.
 */
public final class PodProcesses {
  private static final Path PROC = Path.of("/proc");

  private final long ownNetwork;
  private final Path unified;

  /** Over the cgroup v2 hierarchy of this host. */
  public PodProcesses(CgroupTree tree) {
    unified = tree.root();
    ownNetwork = inode(PROC.resolve("self/ns/net")).orElse(0);
  }

  /** What the pod has now; empty when its cgroup is gone. */
  public Optional<PodOnHost> look(Path directory) {
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    List<Container> containers = containers(directory);
    return Optional.of(
        new PodOnHost(directory, directory.startsWith(unified), containers, network(containers)));
  }

  /**
   * Whether what was found of a pod is still there: some microseconds, where {@link #look} takes
   * hundreds. Does not see a further container.
   */
  public boolean isAsFound(PodOnHost pod) {
    return Files.isDirectory(pod.directory())
        && !pod.containers().isEmpty()
        && pod.containers().stream().allMatch(PodProcesses::lives)
        && pod.network()
            .map(network -> inode(network.file()).orElse(0) == network.inode())
            .orElse(true);
  }

  private static boolean lives(Container container) {
    return Files.exists(PROC.resolve(Long.toString(container.process())));
  }

  private static List<Container> containers(Path pod) {
    List<Container> containers = new ArrayList<>();
    Deque<Path> todo = new ArrayDeque<>();
    todo.add(pod);
    while (!todo.isEmpty()) {
      Path directory = todo.remove();
      oldestProcess(directory).ifPresent(pid -> containers.add(new Container(directory, pid)));
      todo.addAll(PodCgroups.children(directory));
    }
    containers.sort(Comparator.comparingLong(Container::process));
    return containers;
  }

  /**
   * Of those that this process can see: others are 0 in the list (cgroup_pidlist, pid namespaces).
   */
  private static OptionalLong oldestProcess(Path cgroup) {
    try {
      return Files.readAllLines(cgroup.resolve("cgroup.procs")).stream()
          .mapToLong(Long::parseLong)
          .filter(pid -> pid > 0)
          .filter(pid -> inode(netns(pid)).isPresent()) // a zombie has no namespaces any more
          .min();
    } catch (IOException vanished) {
      return OptionalLong.empty();
    }
  }

  /** Where most containers are; of two that are equal the one with the older process. */
  private Optional<Network> network(List<Container> containers) {
    Map<Long, Integer> counts = new HashMap<>();
    Network best = null;
    for (Container container : containers) {
      long inode = inode(netns(container.process())).orElse(ownNetwork);
      if (inode != ownNetwork) {
        counts.merge(inode, 1, Integer::sum);
      }
    }
    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    for (Container container : containers) {
      Path file = netns(container.process());
      long inode = inode(file).orElse(ownNetwork);
      if (best == null && most > 0 && counts.getOrDefault(inode, 0) == most) {
        best = new Network(inode, file);
      }
    }
    return Optional.ofNullable(best);
  }

  private static Path netns(long pid) {
    return PROC.resolve(Long.toString(pid)).resolve("ns/net");
  }

  private static OptionalLong inode(Path file) {
    try {
      return OptionalLong.of((Long) Files.getAttribute(file, "unix:ino"));
    } catch (IOException absent) {
      return OptionalLong.empty();
    }
  }
}
