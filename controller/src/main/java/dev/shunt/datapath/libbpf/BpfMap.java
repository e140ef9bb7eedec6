package dev.shunt.datapath.libbpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A BPF map in the kernel.
 *
 * <p>Thread-safe: calls on one map wait for each other, none waits for anything else. Keys and
 * values are taken from a buffer's position to its limit, which stay as they are, in host byte
 * order. A value of a per-CPU map has {@link #valueStride()} bytes for every possible CPU. A map
 * from a {@link BpfObject} is closed with it; one opened by its pin is closed by whoever opened it.
 */
public final class BpfMap implements AutoCloseable {
  private static final int CPU_ALIGNMENT = 8;

  private final Libbpf libbpf;
  private final String name;
  private final Fd fd;
  private final MapShape shape;
  private final int valueBytes;
  private final NativeBuffer key;
  private final NativeBuffer value;
  private final MapCursor cursor;

  private BpfMap(Libbpf libbpf, String name, Fd fd, MapShape shape) {
    this.libbpf = libbpf;
    this.name = name;
    this.fd = fd;
    this.shape = shape;
    int stride = valueStride();
    valueBytes = shape.perCpu() ? stride * libbpf.possibleCpus() : stride;
    key = new NativeBuffer(Math.max(1, shape.keySize()));
    value = new NativeBuffer(Math.max(1, valueBytes));
    cursor = new MapCursor(libbpf.calls(), name, fd, shape, valueBytes);
  }

  static BpfMap of(Libbpf libbpf, Fd fd, String name) {
    return new BpfMap(libbpf, name, fd, MapShape.read(libbpf.calls(), fd.number(), name));
  }

  /** The name in the object file, or the pin it was opened by. */
  public String name() {
    return name;
  }

  /** The map's descriptor, closed with the map. */
  public Fd fd() {
    return fd;
  }

  /** What the kernel knows of it: id, type, sizes. */
  public MapShape shape() {
    return shape;
  }

  /** Bytes of the value of one CPU: rounded up to 8 for a per-CPU map. */
  public int valueStride() {
    int size = shape.valueSize();
    return shape.perCpu() ? (size + CPU_ALIGNMENT - 1) / CPU_ALIGNMENT * CPU_ALIGNMENT : size;
  }

  /** Bytes of a value as lookups give it and updates take it: of all CPUs for a per-CPU map. */
  public int valueBytes() {
    return valueBytes;
  }

  /** The value of a key as a fresh heap buffer; empty when the key is not there. */
  public synchronized Optional<ByteBuffer> lookup(ByteBuffer wanted) {
    return find(wanted) ? Optional.of(value.copy(0, valueBytes)) : Optional.empty();
  }

  /**
   * Copies the value of a key to the start of {@code target}.
   *
   * @return whether the key is there; if not, {@code target} is unchanged
   */
  public synchronized boolean lookup(ByteBuffer wanted, ByteBuffer target) {
    boolean found = find(wanted);
    if (found) {
      target.put(0, value.bytes(), 0, valueBytes);
    }
    return found;
  }

  private boolean find(ByteBuffer wanted) {
    key.copyFrom(wanted, shape.keySize(), "key of map " + name);
    int result = libbpf.calls().bpf_map_lookup_elem(fd.number(), key.pointer(), value.pointer());
    key.fence();
    value.fence();
    if (result == -Errno.ENOENT) {
      return false;
    }
    check(result, "look up map");
    return true;
  }

  /** Makes or replaces an entry. */
  public void update(ByteBuffer newKey, ByteBuffer newValue) {
    update(newKey, newValue, UpdateMode.ANY);
  }

  /**
   * Makes or replaces an entry.
   *
   * @throws BpfException e.g. E2BIG: the map is full; EEXIST or ENOENT: as the mode says
   */
  public synchronized void update(ByteBuffer newKey, ByteBuffer newValue, UpdateMode mode) {
    key.copyFrom(newKey, shape.keySize(), "key of map " + name);
    value.copyFrom(newValue, valueBytes, "value of map " + name);
    int result =
        libbpf
            .calls()
            .bpf_map_update_elem(fd.number(), key.pointer(), value.pointer(), mode.flag());
    key.fence();
    value.fence();
    check(result, "update map");
  }

  /**
   * Removes an entry.
   *
   * @return whether it was there
   */
  public synchronized boolean delete(ByteBuffer oldKey) {
    key.copyFrom(oldKey, shape.keySize(), "key of map " + name);
    int result = libbpf.calls().bpf_map_delete_elem(fd.number(), key.pointer());
    key.fence();
    if (result == -Errno.ENOENT) {
      return false;
    }
    check(result, "delete from map");
    return true;
  }

  /**
   * The key after another in the kernel's order, as a fresh heap buffer.
   *
   * @param previous null for the first key; a key that is gone gives the first key again
   * @return empty after the last key
   */
  public synchronized Optional<ByteBuffer> nextKey(@Nullable ByteBuffer previous) {
    NativeBuffer next = new NativeBuffer(Math.max(1, shape.keySize()));
    if (previous != null) {
      key.copyFrom(previous, shape.keySize(), "key of map " + name);
    }
    int result =
        libbpf
            .calls()
            .bpf_map_get_next_key(
                fd.number(), previous == null ? null : key.pointer(), next.pointer());
    key.fence();
    next.fence();
    if (result == -Errno.ENOENT) {
      return Optional.empty();
    }
    check(result, "iterate map");
    return Optional.of(next.copy(0, shape.keySize()));
  }

  /**
   * Visits every entry, hundreds per system call where the map type can (0.4 us per entry), else by
   * key. Entries that come or go meanwhile may or may not be seen.
   *
   * @param visitor gets key and value; both are reused after its return. It may use this map, but
   *     not visit it again
   */
  public synchronized void forEach(BiConsumer<ByteBuffer, ByteBuffer> visitor) {
    if (!cursor.forEach(visitor)) {
      Optional<ByteBuffer> next = nextKey(null);
      while (next.isPresent()) {
        ByteBuffer current = next.get();
        next = nextKey(current);
        lookup(current).ifPresent(found -> visitor.accept(current, found));
      }
    }
  }

  /** Number of entries now, by visiting all of them. */
  public int countEntries() {
    int[] count = new int[1];
    forEach((k, v) -> count[0]++);
    return count[0];
  }

  /** The part of a per-CPU value that belongs to one CPU, in host byte order. */
  public ByteBuffer ofCpu(ByteBuffer values, int cpu) {
    return values
        .slice(values.position() + cpu * valueStride(), shape.valueSize())
        .order(ByteOrder.nativeOrder());
  }

  /**
   * Maps the values of an array made with {@code BPF_F_MMAPABLE}, as {@code .bss} is, into the
   * process, writable. Each value starts at a multiple of its size rounded up to 8. The caller
   * closes it.
   */
  public MappedMemory mmap() {
    int stride = (shape.valueSize() + CPU_ALIGNMENT - 1) / CPU_ALIGNMENT * CPU_ALIGNMENT;
    return MappedMemory.map(fd, 0, (long) stride * shape.maxEntries(), MappedMemory.Access.WRITE);
  }

  /** Maps a ring buffer into the process. The caller closes it. */
  public RingMemory mapRing() {
    if (shape.type() != MapShape.RINGBUF) {
      throw new BpfException("map ring", name, Errno.EINVAL);
    }
    return new RingMemory(fd, shape.maxEntries());
  }

  /** Makes the map outlive the process, under a path of a bpffs; unpin by deleting the file. */
  public void pin(Path path) {
    Libbpf.check(
        libbpf.calls().bpf_obj_pin(fd.number(), path.toString()), "pin map", name + " at " + path);
  }

  private void check(int result, String operation) {
    if (result < 0) {
      throw new BpfException(operation, name + " key=" + hex(key), -result);
    }
  }

  private static String hex(NativeBuffer bytes) {
    StringBuilder text = new StringBuilder("0x");
    for (int i = 0; i < bytes.size(); i++) {
      text.append(String.format("%02x", bytes.bytes().get(i)));
    }
    return text.toString();
  }

  @Override
  public void close() {
    fd.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
