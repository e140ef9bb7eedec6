package dev.shunt.observe;

/**
 * What a workload is called. Immutable.
 *
 * @param cgroup path below the cgroup v2 root; empty: anywhere, or not known
 * @param executable path as its process sees it, or {@code inode:N} when no process tells it
 * @param policy that selects the workload by cgroup or executable; empty when none does
 */
public record WorkloadName(String cgroup, String executable, String policy) {
  /** Whether a user means it: by cgroup, by executable, or by both with a colon in between. */
  public boolean isCalled(String text) {
    return text.equals(cgroup) || text.equals(executable) || text.equals(cgroup + ":" + executable);
  }
}
