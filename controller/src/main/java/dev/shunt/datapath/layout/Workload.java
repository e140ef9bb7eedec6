package dev.shunt.datapath.layout;

import java.nio.ByteBuffer;

/**
 * What runs and where. {@code struct workload}.
 *
 * @param cgroupId cgroup v2 id; 0: any
 * @param executableInode 0: unknown or any
 * @param executableDevice kernel dev_t (major shifted by 20, or-ed with minor); 0: unknown or any
 */
public record Workload(long cgroupId, long executableInode, int executableDevice) {
  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("workload").u64("cgroup_id", "exe_inode").u32("exe_dev", "pad").build();

  /** Reads the struct that begins at {@code base}. */
  public static Workload read(ByteBuffer bytes, int base) {
    return new Workload(
        LAYOUT.u64(bytes, base, "cgroup_id"),
        LAYOUT.u64(bytes, base, "exe_inode"),
        LAYOUT.u32(bytes, base, "exe_dev"));
  }

  /** Writes the struct at {@code base}. */
  public void write(ByteBuffer bytes, int base) {
    bytes.putLong(base + LAYOUT.offset("cgroup_id"), cgroupId);
    bytes.putLong(base + LAYOUT.offset("exe_inode"), executableInode);
    bytes.putInt(base + LAYOUT.offset("exe_dev"), executableDevice);
  }
}
