package dev.shunt.observe;

import java.time.Instant;

/**
 * What runs, since when and where.
 *
 * @param version of Shunt
 * @param kernel release, as uname -r prints it
 * @param started when this process became the node
 * @param programs that are attached
 * @param start whether this start found the pins of an earlier process
 * @param cgroup where the sockops programs are attached
 * @param pinDirectory directory under bpffs
 */
public record NodeIdentity(
    String version,
    String kernel,
    Instant started,
    Programs programs,
    Start start,
    String cgroup,
    String pinDirectory) {
  /**
   * The programs of this node.
   *
   * @param layoutVersion of the pinned maps
   * @param build start of their SHA-256
   */
  public record Programs(int layoutVersion, String build) {}

  /** How the node came up. */
  public enum Start {
    /** Maps and programs were created by this process. */
    FRESH,
    /** Pins of an earlier process were found and used again. */
    READOPTED
  }
}
