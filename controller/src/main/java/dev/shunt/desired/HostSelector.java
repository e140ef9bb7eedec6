package dev.shunt.desired;

import java.util.Optional;

/**
 * What a policy is about on a host. A field that is empty selects everything.
 *
 * @param networkNamespace name under /run/netns, or {@link #HOST_NAMESPACE}
 * @param cgroupPath below the cgroup v2 root, starting with a slash; its descendants are meant too
 * @param executable absolute path of the file that runs
 */
public record HostSelector(
    Optional<String> networkNamespace, Optional<String> cgroupPath, Optional<String> executable) {
  /** The host's own network namespace. */
  public static final String HOST_NAMESPACE = "host";

  /** Everything on the host. */
  public static final HostSelector EVERYTHING =
      new HostSelector(Optional.empty(), Optional.empty(), Optional.empty());

  private static final int EXECUTABLE_WEIGHT = 4;
  private static final int CGROUP_WEIGHT = 2;

  /** 0..7: an executable outweighs a cgroup, which outweighs a network namespace. */
  public int specificity() {
    return (executable.isPresent() ? EXECUTABLE_WEIGHT : 0)
        + (cgroupPath.isPresent() ? CGROUP_WEIGHT : 0)
        + (networkNamespace.isPresent() ? 1 : 0);
  }

  /** Levels of the cgroup path; 0 without one. */
  public int cgroupDepth() {
    return (int) cgroupPath.orElse("").chars().filter(c -> c == '/').count();
  }

  /** True when the data path must look at the workload, not at the network namespace alone. */
  public boolean selectsWorkload() {
    return executable.isPresent() || cgroupPath.isPresent();
  }

  /** For messages: {@code executable=/usr/bin/envoy netns=pod-a}, or {@code everything}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    executable.ifPresent(path -> text.append(" executable=").append(path));
    cgroupPath.ifPresent(path -> text.append(" cgroup=").append(path));
    networkNamespace.ifPresent(name -> text.append(" netns=").append(name));
    return text.length() == 0 ? "everything" : text.substring(1);
  }
}
