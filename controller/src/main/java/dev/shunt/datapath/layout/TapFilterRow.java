package dev.shunt.datapath.layout;

import java.nio.ByteBuffer;

/**
 * Which messages a tap shows, by numbers; 0 matches any. {@code struct tap_filter}. Immutable.
 *
 * @param cookie of either end
 * @param netnsCookie of either end
 * @param workload cgroup (with those below it) and executable of either end
 * @param port any of the four, as either end sees them
 * @param sample one connection of so many
 * @param snapBytes most bytes of a message
 */
public record TapFilterRow(
    long cookie, long netnsCookie, Workload workload, int port, int sample, int snapBytes) {
  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("tap_filter")
          .u64("cookie", "netns_cookie", "cgroup_id", "exe_inode")
          .u32("exe_dev", "port", "sample", "snap_bytes", "page_bytes", "slot")
          .build();

  /** The struct, for a tap in a row of {@code taps}. */
  public ByteBuffer encode(int slot, int pageBytes) {
    return LAYOUT
        .allocate()
        .putLong(LAYOUT.offset("cookie"), cookie)
        .putLong(LAYOUT.offset("netns_cookie"), netnsCookie)
        .putLong(LAYOUT.offset("cgroup_id"), workload.cgroupId())
        .putLong(LAYOUT.offset("exe_inode"), workload.executableInode())
        .putInt(LAYOUT.offset("exe_dev"), workload.executableDevice())
        .putInt(LAYOUT.offset("port"), port)
        .putInt(LAYOUT.offset("sample"), sample)
        .putInt(LAYOUT.offset("snap_bytes"), snapBytes)
        .putInt(LAYOUT.offset("page_bytes"), pageBytes)
        .putInt(LAYOUT.offset("slot"), slot);
  }
}
