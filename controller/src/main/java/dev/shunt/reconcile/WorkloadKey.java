package dev.shunt.reconcile;

/**
 * A workload as the data path knows it; {@code struct workload}. A field that is 0 means any.
 *
 * @param cgroupId cgroup v2 id
 * @param executableInode of the executable
 * @param executableDevice kernel dev_t of the executable
 */
public record WorkloadKey(long cgroupId, long executableInode, int executableDevice) {
  /** For messages. */
  @Override
  public String toString() {
    return "cgroup="
        + cgroupId
        + " inode="
        + executableInode
        + " device="
        + Integer.toUnsignedString(executableDevice);
  }
}
