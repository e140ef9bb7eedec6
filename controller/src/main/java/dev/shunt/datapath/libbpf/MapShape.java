package dev.shunt.datapath.libbpf;

/**
 * What the kernel knows of a map.
 *
 * @param id the kernel's number of the map
 * @param type the number of {@code enum bpf_map_type}
 * @param keySize bytes of a key; 0 for a ring buffer
 * @param valueSize bytes of a value, of one CPU for a per-CPU map
 * @param maxEntries number of entries; bytes for a ring buffer
 * @param flags {@code BPF_F_*} flags it was made with
 * @param name the kernel's name, at most 15 characters
 */
public record MapShape(
    int id, int type, int keySize, int valueSize, int maxEntries, int flags, String name) {

  /** {@code BPF_MAP_TYPE_RINGBUF}. */
  public static final int RINGBUF = 27;

  private static final int PERCPU_HASH = 5;
  private static final int PERCPU_ARRAY = 6;
  private static final int LRU_PERCPU_HASH = 10;
  private static final int INFO_BYTES = 88;
  private static final int NAME_BYTES = 16;

  /** Whether a value has one part for every possible CPU. */
  public boolean perCpu() {
    return type == PERCPU_HASH || type == PERCPU_ARRAY || type == LRU_PERCPU_HASH;
  }

  /** Reads {@code struct bpf_map_info}. */
  static MapShape read(NativeLibbpf.Calls calls, int fd, String object) {
    NativeBuffer info = new NativeBuffer(INFO_BYTES);
    NativeBuffer length = new NativeBuffer(Integer.BYTES).putInt(0, INFO_BYTES);
    Libbpf.check(
        calls.bpf_obj_get_info_by_fd(fd, info.pointer(), length.pointer()), "inspect map", object);
    info.fence();
    length.fence();
    return new MapShape(
        info.getInt(4),
        info.getInt(0),
        info.getInt(8),
        info.getInt(12),
        info.getInt(16),
        info.getInt(20),
        info.string(24, NAME_BYTES));
  }
}
