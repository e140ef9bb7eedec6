package dev.shunt.datapath.libbpf;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Kernel memory mapped into the process.
 *
 * <p>Any thread may use the buffer, with its own agreement on order. After {@link #close()} a use
 * of it crashes the JVM: whoever closes it first makes sure that no thread reads on.
 */
public final class MappedMemory implements AutoCloseable {
  /** {@code PROT_*} of the mapping. */
  enum Access {
    READ(1),
    WRITE(3);

    private final int protection;

    Access(int protection) {
      this.protection = protection;
    }
  }

  private static final int MAP_SHARED = 1;

  private final long address;
  private final long length;
  private final ByteBuffer buffer;
  private final AtomicBoolean closed = new AtomicBoolean();

  private MappedMemory(long address, long length, Access access) {
    this.address = address;
    this.length = length;
    ByteBuffer whole = MemoryIO.getInstance().newDirectByteBuffer(address, (int) length);
    buffer =
        (access == Access.READ ? whole.asReadOnlyBuffer() : whole).order(ByteOrder.nativeOrder());
  }

  static MappedMemory map(Fd fd, long offset, long bytes, Access access) {
    int page = NativeLibc.LIBC.getpagesize();
    long length = (bytes + page - 1) / page * page;
    long address =
        NativeLibc.LIBC.mmap(null, length, access.protection, MAP_SHARED, fd.number(), offset);
    if (address == -1) {
      throw new BpfException("map memory", "of " + fd, NativeLibc.errno());
    }
    return new MappedMemory(address, length, access);
  }

  /** The memory, whole pages of it, in host byte order; throws when closed. */
  public ByteBuffer buffer() {
    if (closed.get()) {
      throw new IllegalStateException("mapping is closed");
    }
    return buffer;
  }

  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      NativeLibc.LIBC.munmap(address, length);
    }
  }
}
