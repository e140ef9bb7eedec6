package dev.shunt.datapath.libbpf;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A program's attachment, which lasts as long as a descriptor or a pin of it does.
 *
 * <p>Thread-safe. {@link #close()} closes this descriptor only: a pinned link stays attached.
 * {@link #detach()} ends the attachment even while pins exist.
 */
public final class BpfLink implements AutoCloseable {
  private static final int FILES_A_READ = 16;
  private static final int READ_BYTES = 64 << 10;

  /** {@code struct bpf_link_info} of include/uapi/linux/bpf.h. */
  private static final int LINK_INFO_BYTES = 48;

  private static final int LINK_TYPE_CGROUP = 3;
  private static final int LINK_TYPE_XDP = 6;
  private static final int LINK_TYPE_TCX = 11;
  private static final int OFFSET_TYPE = 0;
  private static final int OFFSET_PROGRAM = 8;
  private static final int OFFSET_TARGET = 16;

  private final Libbpf libbpf;
  private final String name;
  private final Fd fd;

  BpfLink(Libbpf libbpf, String name, Fd fd) {
    this.libbpf = libbpf;
    this.name = name;
    this.fd = fd;
  }

  /** The link's descriptor, closed with the link. */
  public Fd fd() {
    return fd;
  }

  /** Makes the attachment outlive the process, under a path of a bpffs. */
  public void pin(Path path) {
    Libbpf.check(
        libbpf.calls().bpf_obj_pin(fd.number(), path.toString()), "pin link", name + " at " + path);
  }

  /** Puts another program of the same type in this one's place, without a gap. */
  public void update(BpfProgram program) {
    Libbpf.check(
        libbpf.calls().bpf_link_update(fd.number(), program.fd().number(), null),
        "update link",
        name + " to program " + program.name());
  }

  /** The kernel's number of the program that is attached now. */
  public int programId() {
    return info().getInt(OFFSET_PROGRAM);
  }

  /**
   * Whether its cgroup or interface is still there, and nobody has detached it. A removed cgroup
   * may take its time: it goes when its last socket does.
   */
  public boolean isAttached() {
    NativeBuffer info = info();
    return switch (info.getInt(OFFSET_TYPE)) {
      case LINK_TYPE_CGROUP -> info.getLong(OFFSET_TARGET) != 0;
      case LINK_TYPE_XDP, LINK_TYPE_TCX -> info.getInt(OFFSET_TARGET) != 0;
      default -> true;
    };
  }

  private NativeBuffer info() {
    NativeBuffer info = new NativeBuffer(LINK_INFO_BYTES);
    NativeBuffer length = new NativeBuffer(Integer.BYTES).putInt(0, LINK_INFO_BYTES);
    Libbpf.check(
        libbpf.calls().bpf_obj_get_info_by_fd(fd.number(), info.pointer(), length.pointer()),
        "inspect link",
        name);
    info.fence();
    length.fence();
    return info;
  }

  /** Ends the attachment for every holder; tracepoints and iterators (EOPNOTSUPP) end by close. */
  public void detach() {
    Libbpf.check(libbpf.calls().bpf_link_detach(fd.number()), "detach link", name);
  }

  /**
   * Runs an iterator in the calling thread, and so in its network namespace, to the end.
   *
   * @param recordSize bytes the program writes per object
   * @param consumer gets each record in host byte order; the memory is reused after its return
   * @return number of records
   * @throws BpfException the read failed, or the last record was not whole (EIO)
   */
  public int iterate(int recordSize, Consumer<ByteBuffer> consumer) {
    return iterate(recordSize, Math.max(READ_BYTES, recordSize), consumer);
  }

  /**
   * As {@link #iterate}, for a program that writes a record for each file it is shown. An iterator
   * holds the file that it looks at: one that its owner closes just then is closed when the system
   * call returns, so each looks at few.
   */
  public int iterateFiles(int recordSize, Consumer<ByteBuffer> consumer) {
    return iterate(recordSize, recordSize * FILES_A_READ, consumer);
  }

  private int iterate(int recordSize, int readBytes, Consumer<ByteBuffer> consumer) {
    int run = Libbpf.check(libbpf.calls().bpf_iter_create(fd.number()), "start iterator", name);
    try (Fd iterator = Fd.owned(run, "iterator of " + name)) {
      NativeBuffer buffer = new NativeBuffer(readBytes);
      int records = 0;
      int filled = 0;
      for (int got = read(iterator, buffer, 0); got > 0; got = read(iterator, buffer, filled)) {
        filled += got;
        int whole = filled / recordSize;
        for (int i = 0; i < whole; i++) {
          consumer.accept(
              buffer.bytes().slice(i * recordSize, recordSize).order(buffer.bytes().order()));
        }
        records += whole;
        int rest = filled - whole * recordSize;
        buffer.bytes().put(0, buffer.bytes(), whole * recordSize, rest);
        filled = rest;
      }
      if (filled != 0) {
        throw new BpfException("read iterator", name + " record of " + recordSize, 5);
      }
      return records;
    }
  }

  private static int read(Fd iterator, NativeBuffer buffer, int filled) {
    while (true) {
      long got =
          NativeLibc.LIBC.read(
              iterator.number(), buffer.pointer().slice(filled), (long) buffer.size() - filled);
      int errno = got < 0 ? NativeLibc.errno() : 0;
      buffer.fence();
      if (got >= 0) {
        return (int) got;
      }
      /* EAGAIN: bpf_seq_read gives up after a million skipped objects and goes on when asked. */
      if (errno != Errno.EAGAIN && errno != Errno.EINTR) {
        throw new BpfException("read iterator", iterator.toString(), errno);
      }
    }
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
