package dev.shunt.datapath.libbpf;

/** {@code perf_event_open(2)}, which the C library does not offer. */
final class PerfEvent {
  private static final long FLAG_FD_CLOEXEC = 8;
  private static final long SYSCALL_X86_64 = 298;
  private static final long SYSCALL_ARM64 = 241;

  private PerfEvent() {}

  /**
   * Opens an event.
   *
   * @param attr {@code struct perf_event_attr}
   * @param pid process; -1: all
   */
  static Fd open(NativeBuffer attr, long pid, int cpu, String what) {
    long number =
        System.getProperty("os.arch", "").equals("aarch64") ? SYSCALL_ARM64 : SYSCALL_X86_64;
    long fd = NativeLibc.LIBC.syscall(number, attr.pointer(), pid, cpu, -1, FLAG_FD_CLOEXEC);
    NativeLibc.check((int) fd, "open", what);
    attr.fence();
    return Fd.owned((int) fd, what);
  }
}
