package dev.shunt.datapath.layout;

import java.nio.ByteBuffer;

/**
 * What one reader of a module wants, by numbers; 0 matches any. {@code struct trace_filter}.
 *
 * @param cgroupId with those below it
 * @param netnsCookie network namespace
 * @param pid of a process
 * @param port local or remote
 * @param namespaces whether only chosen ones match
 */
public record TraceFilterRow(
    long cgroupId, long netnsCookie, int pid, int port, Namespaces namespaces) {
  /** Everything. */
  public static final TraceFilterRow ANY = new TraceFilterRow(0, 0, 0, 0);

  /** What is in network namespaces that are chosen later; none at first. */
  public static final TraceFilterRow CHOSEN = new TraceFilterRow(0, 0, 0, 0, Namespaces.CHOSEN);

  private static final StructLayout LAYOUT = TraceRows.FILTER;

  /** Which network namespaces match, of those that {@code netnsCookie} lets through. */
  public enum Namespaces {
    /** All of them. */
    ANY,
    /** Those with a row in the map of choices. */
    CHOSEN
  }

  /** In any network namespace, unless the cookie says which. */
  public TraceFilterRow(long cgroupId, long netnsCookie, int pid, int port) {
    this(cgroupId, netnsCookie, pid, port, Namespaces.ANY);
  }

  /** Whether it lets everything through. */
  public boolean isAny() {
    return equals(ANY);
  }

  /** Writes the struct at {@code base}. */
  public void write(ByteBuffer bytes, int base) {
    bytes.putLong(base + LAYOUT.offset("cgroup_id"), cgroupId);
    bytes.putLong(base + LAYOUT.offset("netns_cookie"), netnsCookie);
    bytes.putInt(base + LAYOUT.offset("pid"), pid);
    bytes.putInt(base + LAYOUT.offset("port"), port);
    bytes.putInt(base + LAYOUT.offset("chosen"), namespaces == Namespaces.CHOSEN ? 1 : 0);
  }
}
