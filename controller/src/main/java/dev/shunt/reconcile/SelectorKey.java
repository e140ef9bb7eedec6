package dev.shunt.reconcile;

/**
 * Key of a selector row; {@code struct selector}.
 *
 * @param netnsCookie 0: any network namespace
 * @param workload fields that are 0 mean any
 */
public record SelectorKey(long netnsCookie, WorkloadKey workload) {
  private static final int NETNS = 1;
  private static final int CGROUP = 2;
  private static final int EXECUTABLE = 4;

  /** For messages: the fields that count. */
  @Override
  public String toString() {
    return netnsCookie == 0 ? workload.toString() : "netns=" + netnsCookie + " " + workload;
  }

  /** Bit of this key's combination of fields in {@code node_config.selectors}. */
  public int combinationBit() {
    int fields =
        (netnsCookie != 0 ? NETNS : 0)
            | (workload.cgroupId() != 0 ? CGROUP : 0)
            | (workload.executableInode() != 0 ? EXECUTABLE : 0);
    return 1 << fields;
  }
}
