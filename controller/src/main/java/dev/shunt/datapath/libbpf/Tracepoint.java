package dev.shunt.datapath.libbpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tracepoint opened as a perf event, to which the kernel links programs. */
final class Tracepoint {
  /** {@code PERF_TYPE_TRACEPOINT} of linux/perf_event.h. */
  private static final int TYPE_TRACEPOINT = 2;

  /** {@code PERF_ATTR_SIZE_VER5}. */
  private static final int ATTR_BYTES = 112;

  private static final long IOC_ENABLE = 0x2400;

  private Tracepoint() {}

  /** Opens it on CPU 0; a linked program runs on all CPUs all the same. */
  static Fd open(String category, String name) {
    String what = "tracepoint " + category + "/" + name;
    NativeBuffer attr = new NativeBuffer(ATTR_BYTES);
    attr.putInt(0, TYPE_TRACEPOINT).putInt(4, ATTR_BYTES).putLong(8, id(category, name));
    return PerfEvent.open(attr, -1, 0, what);
  }

  static void enable(Fd event, String what) {
    NativeLibc.check(NativeLibc.LIBC.ioctl(event.number(), IOC_ENABLE, 0L), "enable event", what);
  }

  private static long id(String category, String name) {
    Path file = Linux.tracefs().resolve("events").resolve(category).resolve(name).resolve("id");
    try {
      return Long.parseLong(Files.readString(file).strip());
    } catch (IOException missing) {
      throw new BpfException("read tracepoint", file.toString(), Errno.ENOENT);
    }
  }
}
