package dev.shunt.observe;

import java.time.Instant;

/**
 * What runs, since when and where.
 *
 * @param version of Shunt
 * @param kernel release, as uname -r prints it
 * @param started when this process became the node
 * @param layoutVersion of the pinned maps
 * @param start whether this start found the pins of an earlier process
 * @param cgroup where the sockops programs are attached
 * @param pinDirectory directory under bpffs
 */
public record NodeIdentity(
    String version,
    String kernel,
    Instant started,
    int layoutVersion,
    Start start,
    String cgroup,
    String pinDirectory) {
  /** How the node came up. */
  public enum Start {
    /** Maps and programs were created by this process. */
    FRESH,
    /** Pins of an earlier process were found and used again. */
    READOPTED
  }
}
