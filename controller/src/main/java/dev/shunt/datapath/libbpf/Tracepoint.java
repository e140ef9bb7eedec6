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

  private static final long FLAG_FD_CLOEXEC = 8;
  private static final long IOC_ENABLE = 0x2400;
  private static final long SYSCALL_X86_64 = 298;
  private static final long SYSCALL_ARM64 = 241;

  private Tracepoint() {}

  /** Opens it on CPU 0; a linked program runs on all CPUs all the same. */
  static Fd open(String category, String name) {
    String what = "tracepoint " + category + "/" + name;
    NativeBuffer attr = new NativeBuffer(ATTR_BYTES);
    attr.putInt(0, TYPE_TRACEPOINT).putInt(4, ATTR_BYTES).putLong(8, id(category, name));
    long number =
        System.getProperty("os.arch", "").equals("aarch64") ? SYSCALL_ARM64 : SYSCALL_X86_64;
    long fd = NativeLibc.LIBC.syscall(number, attr.pointer(), -1, 0, -1, FLAG_FD_CLOEXEC);
    NativeLibc.check((int) fd, "open", what);
    attr.fence();
    return Fd.owned((int) fd, what);
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
