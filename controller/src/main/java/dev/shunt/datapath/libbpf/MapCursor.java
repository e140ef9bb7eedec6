package dev.shunt.datapath.libbpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Visits a map's entries in batches. Guarded by the lock of its {@link BpfMap}. */
final class MapCursor {
  /** First try; a hash bucket with more entries makes it grow. */
  private static final int FIRST_BATCH = 256;

  private static final int BATCH_OPTIONS_BYTES = 24;

  private final NativeLibbpf.Calls calls;
  private final String name;
  private final Fd fd;
  private final MapShape shape;
  private final int valueBytes;
  private final NativeBuffer count = new NativeBuffer(Integer.BYTES);
  private final NativeBuffer options;
  private final NativeBuffer[] tokens;
  private @Nullable NativeBuffer keys;
  private @Nullable NativeBuffer values;
  private int capacity;
  private boolean visiting;

  MapCursor(NativeLibbpf.Calls calls, String name, Fd fd, MapShape shape, int valueBytes) {
    this.calls = calls;
    this.name = name;
    this.fd = fd;
    this.shape = shape;
    this.valueBytes = valueBytes;
    options = new NativeBuffer(BATCH_OPTIONS_BYTES).putLong(0, BATCH_OPTIONS_BYTES);
    int tokenBytes = Math.max(Long.BYTES, shape.keySize());
    tokens = new NativeBuffer[] {new NativeBuffer(tokenBytes), new NativeBuffer(tokenBytes)};
  }

  /** Visits all entries; false, before the first one, when the map type has no batch lookup. */
  boolean forEach(BiConsumer<ByteBuffer, ByteBuffer> visitor) {
    if (visiting) {
      throw new IllegalStateException("map " + name + " is being visited");
    }
    visiting = true;
    try {
      return visit(visitor);
    } finally {
      visiting = false;
    }
  }

  private boolean visit(BiConsumer<ByteBuffer, ByteBuffer> visitor) {
    if (capacity == 0) {
      grow(Math.min(FIRST_BATCH, shape.maxEntries()));
    }
    boolean first = true;
    int turn = 0;
    while (true) {
      int result = lookupBatch(first ? null : tokens[turn], tokens[1 - turn]);
      if (result == -Errno.ENOSPC && capacity < shape.maxEntries()) {
        grow(Math.min(capacity * 2, shape.maxEntries()));
        continue;
      }
      if (first && (result == -Errno.ENOTSUPP || result == -Errno.EOPNOTSUPP)) {
        return false;
      }
      if (result != -Errno.ENOENT) {
        Libbpf.check(result, "read map", name);
      }
      deliver(count.getInt(0), visitor);
      if (result == -Errno.ENOENT) {
        return true;
      }
      first = false;
      turn = 1 - turn;
    }
  }

  private void grow(int entries) {
    capacity = entries;
    keys = new NativeBuffer(Math.multiplyExact(entries, shape.keySize()));
    values = new NativeBuffer(Math.multiplyExact(entries, valueBytes));
  }

  private int lookupBatch(@Nullable NativeBuffer in, NativeBuffer out) {
    NativeBuffer k = ready(keys);
    NativeBuffer v = ready(values);
    count.putInt(0, capacity);
    int result =
        calls.bpf_map_lookup_batch(
            fd.number(),
            in == null ? null : in.pointer(),
            out.pointer(),
            k.pointer(),
            v.pointer(),
            count.pointer(),
            options.pointer());
    k.fence();
    v.fence();
    out.fence();
    return result;
  }

  private void deliver(int entries, BiConsumer<ByteBuffer, ByteBuffer> visitor) {
    NativeBuffer k = ready(keys);
    NativeBuffer v = ready(values);
    for (int i = 0; i < entries; i++) {
      visitor.accept(part(k, i, shape.keySize()), part(v, i, valueBytes));
    }
  }

  private static NativeBuffer ready(@Nullable NativeBuffer buffer) {
    if (buffer == null) {
      throw new IllegalStateException("no batch buffer");
    }
    return buffer;
  }

  private static ByteBuffer part(NativeBuffer all, int index, int size) {
    return all.bytes().slice(index * size, size).order(ByteOrder.nativeOrder());
  }
}
