package dev.shunt.desired.connect;

import java.util.Optional;
import java.util.OptionalLong;

/** What names of a policy mean to the kernel now; empty: there is no such thing yet. */
public interface ConnectNames {
  /** Cookie of a network namespace. */
  OptionalLong netnsCookie(String namespace);

  /** Id of a cgroup by its path below the cgroup v2 root. */
  OptionalLong cgroupId(String cgroupPath);

  /** The file behind an absolute path, links followed. */
  Optional<FileId> file(String path);

  /**
   * A file.
   *
   * @param inode number
   * @param device kernel dev_t
   */
  record FileId(long inode, int device) {}
}
