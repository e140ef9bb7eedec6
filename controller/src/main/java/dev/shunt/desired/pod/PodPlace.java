package dev.shunt.desired.pod;

import java.util.List;
import java.util.Optional;

/**
 * Where a pod is on this host.
 *
 * @param cgroup of the pod, below the cgroup v2 root, starting with a slash; empty: not there yet,
 *     or in a v1 hierarchy only
 * @param containers that have processes
 */
public record PodPlace(Optional<String> cgroup, List<Container> containers) {
  /** Not found yet. */
  public static final PodPlace UNKNOWN = new PodPlace(Optional.empty(), List.of());

  /**
   * A container.
   *
   * @param cgroup of it, below the cgroup v2 root, starting with a slash
   * @param root where this host sees the container's root directory
   */
  public record Container(String cgroup, String root) {
    /** Where this host sees a file of the container. */
    public String file(String path) {
      return root + path;
    }
  }

  /** Copies the list. */
  public PodPlace {
    containers = List.copyOf(containers);
  }
}
