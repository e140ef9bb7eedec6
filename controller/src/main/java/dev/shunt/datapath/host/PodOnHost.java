package dev.shunt.datapath.host;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A pod as this host has it at one moment. Immutable.
 *
 * @param directory of its cgroup
 * @param isUnified whether that is in the cgroup v2 hierarchy
 * @param containers cgroups below with processes, the oldest process first
 * @param network that most of its containers are in, unless it is the node's own; empty while none
 *     runs
 */
public record PodOnHost(
    Path directory, boolean isUnified, List<Container> containers, Optional<Network> network) {
  /**
   * A cgroup with processes.
   *
   * @param directory of it
   * @param process one of them
   */
  public record Container(Path directory, long process) {
    /** Where this host sees its root directory. */
    public Path root() {
      return Path.of("/proc", Long.toString(process), "root");
    }
  }

  /**
   * A network namespace.
   *
   * @param inode tells it from others
   * @param file that leads to it while the process lives
   */
  public record Network(long inode, Path file) {}

  /** Copies the list. */
  public PodOnHost {
    containers = List.copyOf(containers);
  }
}
