package dev.shunt.ingest.file;

import java.time.Instant;

/**
 * A trait of a workload as it is kept on disk. Numbers of the kernel change with a reboot, names do
 * not. Immutable.
 *
 * @param workload that showed it
 * @param trait by its name
 * @param firstSeen when it was learned
 * @param lastSeen when it was shown last
 * @param times that it was shown
 */
public record StoredTrait(
    Workload workload, String trait, Instant firstSeen, Instant lastSeen, long times) {
  /**
   * Where what runs.
   *
   * @param cgroupPath below the cgroup v2 root, with a slash in front
   * @param executable path as its process saw it; empty: not known
   * @param inode of the executable
   * @param device of the executable, a kernel dev_t; means another file system after a reboot
   */
  public record Workload(String cgroupPath, String executable, long inode, int device) {}
}
